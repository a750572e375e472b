"""What happened at the unit, written down, and on its way to the server."""
