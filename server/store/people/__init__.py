"""Members, badges, operators, sessions, and the log of changes."""
