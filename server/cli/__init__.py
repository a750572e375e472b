"""`poincon`, the command line of the server's side; `main` is the program."""

from server.cli.program import main

__all__ = ["main"]
