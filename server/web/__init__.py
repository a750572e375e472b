"""The dashboard, the walls and the addresses for other programs: one file a noun, each with its pages and actions."""
