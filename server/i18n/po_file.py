"""Reads a .po file as it is written: no build step to forget, and no library to load before a short command. Pure.

The format is gettext's (GNU gettext manual, "The Format of PO Files"), an empty line between entries.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_ENTRIES = re.compile(r"\n\s*\n")
_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+)?"(.*)"', re.ASCII)
_ESCAPE = re.compile(r"\\(.)")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r"}


class PoEntry(NamedTuple):
    """One text; `strings` has one translation, or one for each plural form. The header has the empty `id`."""

    context: str | None
    id: str
    plural: str | None
    strings: tuple[str, ...]


def entries(text: str) -> Iterator[PoEntry]:
    """What a .po file says, in its order, without what is marked fuzzy; raises `ValueError` at a line that is no po."""
    for block in _ENTRIES.split(text):
        parts = _parts(block)
        if parts and not any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines()):
            strings = tuple(each for keyword, each in sorted(parts.items()) if keyword.startswith("msgstr"))
            yield PoEntry(parts.get("msgctxt"), parts["msgid"], parts.get("msgid_plural"), strings)


def _parts(block: str) -> dict[str, str]:
    """The texts of an entry by their keywords; none in a block of comments."""
    parts: dict[str, str] = {}
    keyword = ""
    for line in filter(None, map(str.strip, block.splitlines())):
        if line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None or not (found[1] or keyword) or found[1] in parts:
            raise ValueError(f"this is no part of a .po file, or an empty line is missing before it: {line}")
        keyword = found[1] or keyword
        parts[keyword] = parts.get(keyword, "") + _ESCAPE.sub(lambda sign: _SIGNS.get(sign[1], sign[1]), found[2])
    return parts
