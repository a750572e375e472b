"""What the place publishes: occupancy, hours, access lists, and the feed of changes for open pages."""
