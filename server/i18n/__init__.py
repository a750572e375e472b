"""Languages: catalogues, formats, typography."""
