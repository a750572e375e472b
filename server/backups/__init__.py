"""Backups of every night: sealed, read back, thinned out, and what is told of them."""
