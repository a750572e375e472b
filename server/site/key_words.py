"""A site's key for badges on paper: eight groups of five letters, that can be typed back without a doubt. Pure.

Letters and figures without 0, O, 1 and I. Of each group the fifth sign checks the other four and its place in the row,
so that one mistyped sign, two that changed places, or a group in another's place is found and named; the eighth group
checks the whole. Case, spaces and dashes say nothing.
"""

import re
from hashlib import sha256

from server.errors import Refusal
from server.site.badge_keys import FIRST_VERSION, KEY_BYTES, SiteKeys

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS = 8
"""Seven of the version and the key, 136 bits in 140, and one over all of them."""
DATA_SIGNS = 4
GROUP_SIGNS = DATA_SIGNS + 1
_BITS = 5
_REDUCING = 0b100101
"""x⁵ + x² + 1: signs are numbers of the field with 32 elements."""


def words_of(version: int, key: bytes) -> str:
    """The key of `version` as its groups, with spaces between them."""
    content = bytes((version,)) + key
    return _row(int.from_bytes(content, "big"), _whole_check(content))


def _row(number: int, whole_check: int) -> str:
    signs = _signs(number, (GROUPS - 1) * DATA_SIGNS) + _signs(whole_check, DATA_SIGNS)
    groups = [signs[first : first + DATA_SIGNS] for first in range(0, len(signs), DATA_SIGNS)]
    return " ".join(
        "".join(LETTERS[sign] for sign in (*group, _check(group, place))) for place, group in enumerate(groups)
    )


def read_words(typed: str) -> SiteKeys:
    """The keys that were typed, one after the other; raises `Refusal`, which names the first group that is wrong."""
    text = re.sub(r"[\s-]", "", typed.upper())
    if not text:
        raise Refusal("no_key_words")
    found = [_read_one(text[first : first + GROUPS * GROUP_SIGNS], nth) for nth, first in enumerate(_firsts(text))]
    return SiteKeys(dict(found))


def _firsts(text: str) -> range:
    return range(0, len(text), GROUPS * GROUP_SIGNS)


def _read_one(text: str, nth: int) -> tuple[int, bytes]:
    """The version and key of one row; `nth` is which row it is."""
    data: list[int] = []
    for place in range(GROUPS):
        group = text[place * GROUP_SIGNS : (place + 1) * GROUP_SIGNS]
        signs = [LETTERS.find(letter) for letter in group]
        is_whole = len(signs) == GROUP_SIGNS and -1 not in signs
        if not is_whole or _check(signs[:DATA_SIGNS], place) != signs[DATA_SIGNS]:
            raise Refusal("key_group_mistyped", row=nth + 1, number=place + 1, group=group)
        data += signs[:DATA_SIGNS]
    number = _number(data[:-DATA_SIGNS])
    size = 1 + KEY_BYTES
    content = (number % 256**size).to_bytes(size, "big")
    if number >= 256**size or _number(data[-DATA_SIGNS:]) != _whole_check(content) or content[0] < FIRST_VERSION:
        raise Refusal("key_words_do_not_fit", row=nth + 1)
    return content[0], content[1:]


def _whole_check(content: bytes) -> int:
    return int.from_bytes(sha256(b"poincon key words " + content).digest()[:3], "big") >> (24 - DATA_SIGNS * _BITS)


def _check(group: list[int], place: int) -> int:
    """Each sign times another power of x, and the place: no single change and no exchange of two leaves it as it is."""
    check = place + 1
    for power, sign in enumerate(group):
        for _ in range(power):
            sign <<= 1
            if sign >> _BITS:
                sign ^= _REDUCING
        check ^= sign
    return check


def _signs(number: int, count: int) -> list[int]:
    return [number >> (_BITS * place) & (len(LETTERS) - 1) for place in reversed(range(count))]


def _number(signs: list[int]) -> int:
    number = 0
    for sign in signs:
        number = number << _BITS | sign
    return number
