"""From an arrived message to a committed one: the one writer, the ingest, the receipt."""
