"""A Pi unit: at a door, at a room, at the desk. It decides alone, and hands over what happened."""
