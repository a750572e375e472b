"""In which old code page a text was saved: the one in which its letters stand where French has them. Pure.

Windows saves in cp1252, Excel's “CSV (MS-DOS)” in cp850, the old Macintosh in MacRoman. Each can read the others'
bytes; what comes out has other letters, capitals within words, or signs where letters were.
"""

CODE_PAGES = ("cp1252", "mac-roman", "cp850")

LETTERS = {
    **dict.fromkeys("é", 6),
    **dict.fromkeys("è", 4),
    **dict.fromkeys("êçàëïÉ", 3),
    **dict.fromkeys("ôîâûüöñœÈÇ", 2),
}
"""How much a letter speaks for a code page, by how often it stands in French names; any other letter counts 1."""
SIGNS = frozenset("’‘“”«»…–—°€·№º\u00a0")
"""What French has beside letters."""
IN_NO_TEXT = -10
"""What no program writes: a byte that the code page does not have, a control character."""
AMONG_LETTERS = -4
"""A sign within a word, or one that French does not have."""
WRONG_CASE = -6
"""A capital after a small letter, a small letter among capitals."""
SMALL_AT_START = -3
"""Of a word: names have capitals there, and not everybody types them."""


def decoded_from_code_page(content: bytes) -> str:
    """The text in the code page that speaks for itself most, of several the first of `CODE_PAGES`."""
    return max((content.decode(page, "replace") for page in CODE_PAGES), key=frenchness)


def frenchness(text: str) -> int:
    """How far the accents of `text` stand where French has them; below 0 for what is no text at all."""
    around = f"  {text}  "
    return sum(
        _letter(sign, around[nth : nth + 2], around[nth + 3])
        if sign.isalpha()
        else _sign(sign, around[nth + 1], around[nth + 3])
        for nth, sign in enumerate(text)
        if not sign.isascii()
    )


def _letter(letter: str, before: str, after: str) -> int:
    worth = LETTERS.get(letter, 1)
    if letter.isupper():
        return worth + (WRONG_CASE if before[1].islower() else 0)
    starts = not before[1].isalpha()
    ends_capitals = before.isupper() and len(before.strip()) == 2 and not after.isalpha()
    if ((starts or before[1].isupper()) and after.isupper()) or ends_capitals:
        return worth + WRONG_CASE
    return worth + (SMALL_AT_START if starts else 0)


def _sign(sign: str, before: str, after: str) -> int:
    is_within = before.isalpha() and after.isalpha()
    if sign == "\ufffd" or not (sign.isprintable() or sign == "\u00a0"):
        return IN_NO_TEXT
    if sign == "’":
        return 1 if is_within else AMONG_LETTERS
    return AMONG_LETTERS if is_within or sign not in SIGNS else 1
