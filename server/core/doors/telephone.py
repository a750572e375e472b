"""Telephones at a reader: they show a number that is drawn anew for every tap, so none can be a badge. Pure."""

import re

_RANDOM_NUMBER = re.compile("[a-z0-9]+:08[0-9A-F]{6}", re.ASCII)
"""Of four bytes, the first 08 (ISO/IEC 14443-3, 6.5.4), whatever shows it; one of seven bytes that begins so is a
card's own."""


def is_telephone(credential: str) -> bool:
    """Whether that is a number drawn for one tap alone."""
    return _RANDOM_NUMBER.fullmatch(credential) is not None
