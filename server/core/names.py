"""Names of people as they are compared and sorted: whoever types one, in a hurry or on another keyboard. Pure."""

import unicodedata

LETTERS = {
    "œ": "oe",
    "æ": "ae",
    "ß": "ss",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "ŋ": "n",
}
"""Small letters that Unicode does not take apart, and what is typed for them on a keyboard that lacks them."""

SHORTEST_SLIP = 6
"""Letters of a whole name; Léa Roy and Lou Roy are two people."""


def folded(name: str) -> str:
    """`name` for looking: without case, accents and marks, its words apart by one space each.

    Œ is oe, ß is ss, as they are typed and as French puts them in order. Apostrophes, hyphens and dots part words.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    letters = "".join(LETTERS.get(sign, sign) for sign in decomposed if not unicodedata.combining(sign))
    return " ".join("".join(map(_plain, letters)).split()) or name.casefold().strip()


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same person's for all that can be typed: “O'Brien”, “o brien” and “OBRIEN”."""
    return _closed_up(one) == _closed_up(other)


def alike(one: str, other: str) -> bool:
    """Whether somebody should be asked if they are the same: words in another order, or one letter wrong."""
    if sorted(folded(one).split()) == sorted(folded(other).split()):
        return True
    return _is_one_slip(_closed_up(one), _closed_up(other))


def sort_key(name: str) -> tuple[str, str]:
    """Puts names in the order of a French dictionary: by their letters, and only of the same ones by their accents."""
    return folded(name), name.casefold()


def _closed_up(name: str) -> str:
    return folded(name).replace(" ", "")


def _is_one_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, too many, another, or two are swapped; not in names so short that many are."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) < SHORTEST_SLIP:
        return False
    start = next((nth for nth, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    left, right = one[start:], other[start:]
    if len(left) < len(right):
        return left == right[1:]
    return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])


def _plain(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cf":  # joiners and marks of direction, which nobody sees
        return ""
    return sign if category[0] in "LMNS" else " "
