"""What happened at the doors, what was set aside, and how far units are acknowledged."""
