"""When the place is open: opening hours, holidays, which rules hold on which date."""
