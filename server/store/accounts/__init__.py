"""Sales, lots, ledger, gifts, corrections, and what was posted of each date."""
