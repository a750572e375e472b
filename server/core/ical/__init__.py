"""iCal files taken apart, entry by entry."""
