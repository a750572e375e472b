"""The first page of a new server: it makes the place and its first administrator, and hands over to the desk."""
