"""Who is in, from events in any order; whose badge it was; how full it is."""
