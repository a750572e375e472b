"""Recomputes books and presence from their sources, and compares."""
