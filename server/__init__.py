"""The books: ingest, presence, capacity, charge, the dashboard and the displays."""
