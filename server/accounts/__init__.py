"""Money: what a date costs is posted; statements, sales, credit, corrections, golden tickets."""
