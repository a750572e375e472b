"""`python -m server` is `poincon`."""

from server.cli import main

main()
