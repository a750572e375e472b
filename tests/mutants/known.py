"""Broken lines that no test can notice, with the reason: by file, the line's text, and what is changed in it."""

EQUIVALENT: dict[tuple[str, str, str], str] = {}
