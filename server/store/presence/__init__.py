"""Stays, guests, desk entries, evacuation lists."""
