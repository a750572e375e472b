"""What is kept of whom, for how long and by which right (rules 5): one table, and what its periods come to."""
