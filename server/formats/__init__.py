"""Pure renderers: CSV, SVG, Prometheus, SpaceAPI, open data."""
