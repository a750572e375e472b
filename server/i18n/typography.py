"""French punctuation keeps its space and never begins a line: before « : ; ? ! » and inside guillemets. Pure."""

import re

NO_BREAK = "\u00a0"

_BEFORE = re.compile(r" (?=[:;?!»])")
_AFTER = re.compile(r"(?<=«) ")


def typeset(text: str) -> str:
    """`text` with spaces that do not break where French has them."""
    return _AFTER.sub(NO_BREAK, _BEFORE.sub(NO_BREAK, text))
