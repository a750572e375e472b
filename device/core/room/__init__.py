"""What a room's dial and page do."""
