"""Keeping things no longer than they may be (rules 5): the purge, every night and by order, and the notice of it."""
