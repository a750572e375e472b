"""Updates of the units: the releases that the server gives, and their round from unit to unit."""
