"""The books on disk: one SQLite file, plain SQL. Each file here keeps one noun; none of them reads a clock."""
