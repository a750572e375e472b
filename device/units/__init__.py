"""What a unit does with its inputs, by kind: a door, a desk, a room."""
