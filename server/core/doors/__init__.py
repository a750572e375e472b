"""What doors are told: access lists and the keys of badges."""
