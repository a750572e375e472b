"""The steps, each in the file of its subject; importing them enters them, in this order."""
