"""Names of people as they are compared and sorted: whoever types one, in a hurry or on another keyboard. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b

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

APOSTROPHES = frozenset("ʹʻʼʽʾʿˈˊˋꞌ")
"""Letters to Unicode, typed for an apostrophe on some keyboards."""
_TITLES = "m mr mme mlle monsieur madame mademoiselle dr docteur pr prof professeur me maitre mrs ms miss sir"
TITLES = frozenset(_TITLES.split())
_PARTICLES = "de du des la le les von van der den zu da do dos di del della el al ben bin"
PARTICLES = frozenset(_PARTICLES.split())
"""Words that are typed or left out; a name of nothing else is compared with them."""

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


def imprint(name: str, salt: str) -> str:
    """What tells `name` when it is typed again, and not what it was; `salt` is 16 hex digits.

    Names can be guessed and tried: it hides less than it would of a password.
    """
    return f"{salt}:{blake2b(_closed_up(name).encode(), digest_size=16, salt=bytes.fromhex(salt)).hexdigest()}"


def is_imprint_of(kept: str, name: str) -> bool:
    """Whether the imprint was made of that name, or of one that is the same (`same_name`)."""
    return imprint(name, kept.partition(":")[0]) == kept


def same_words(one: str, other: str) -> bool:
    """Whether two names are the same, be it in another order: “Carole Martin” and “MARTIN Carole”."""
    return same_name(one, other) or sorted(folded(one).split()) == sorted(folded(other).split())


def alike(one: str, other: str) -> bool:
    """Whether somebody should be asked if they are the same.

    So they are with words in another order, or one letter wrong; where one has a title, a particle, another first name
    or a remark in brackets that the other lacks; and where one has initials only.
    """
    ours, theirs = _bare_words(one), _bare_words(other)
    if same_words(one, other) or _is_one_slip("".join(ours), "".join(theirs)):
        return True
    if _is_one_slip("".join(sorted(ours)), "".join(sorted(theirs))):
        return True
    needed = 1 if _has_title(one) or _has_title(other) else 2
    return _is_part_of(ours, theirs, needed) or _is_part_of(theirs, ours, needed)


def sort_key(name: str) -> tuple[str, str]:
    """Puts names in the order of a French dictionary: by their letters, and only of the same ones by their accents."""
    return folded(name), name.casefold()


def _closed_up(name: str) -> str:
    return folded(name).replace(" ", "")


def _words(name: str) -> list[str]:
    """The words without what stands in brackets, unless all does."""
    without = re.sub(r"\(.*?\)|\[.*?\]", " ", name)
    return folded(without if without.strip() else name).split()


def _has_title(name: str) -> bool:
    words = _words(name)
    return words[0] in TITLES and len(words) > 1


def _bare_words(name: str) -> list[str]:
    """The words without title and particles."""
    words = _words(name)
    if _has_title(name):
        words = words[1:]
    return [word for word in words if word not in PARTICLES] or words


def _is_part_of(few: Sequence[str], many: Sequence[str], needed: int) -> bool:
    """Whether each of `few`, `needed` at least, is a word of `many`, its initial or one slip away; one is in full."""
    left, unmatched = list(many), []
    for word in few:
        if word in left:
            left.remove(word)
        else:
            unmatched.append(word)
    for word in unmatched:
        near = next((each for each in left if _is_initial(word, each) or _is_one_slip(word, each)), None)
        if near is None:
            return False
        left.remove(near)
    return len(few) >= needed and any(len(word) > 1 and word in many for word in few)


def _is_initial(one: str, other: str) -> bool:
    return 1 in (len(one), len(other)) and one[0] == other[0]


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
    if category == "Sk" or sign in APOSTROPHES:  # an accent that stands alone is typed for an apostrophe too
        return " "
    return sign if category[0] in "LMNS" else " "


def has_controls(name: str) -> bool:
    """Whether a name has what breaks the line that it is shown or written in, or is no text: controls, line ends."""
    return any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name)
