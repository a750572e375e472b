"""What the buzzer sounds for each picture of the ring: rhythms, told apart by ear.

A yes is short tones only; a no has a long one. What nobody has to turn around for is silent.
"""

from device.core.lights.door_ring import Picture

Pattern = tuple[tuple[int, int], ...]
"""Tones in their order: milliseconds on, milliseconds off after it."""

SHORT_MS, LONG_MS = 70, 330
GAP_MS = 90
"""Between tones. A tone under 50 ms sounds like a click, and gaps under 60 ms run into each other in a stairwell."""


def _rhythm(tones: str) -> Pattern:
    """The pattern of `.` short and `-` long tones."""
    return tuple((SHORT_MS if tone == "." else LONG_MS, GAP_MS) for tone in tones)


PATTERNS: dict[str, Pattern] = {
    Picture.GRANTED: _rhythm("."),
    Picture.EXIT: _rhythm(".."),
    Picture.FREE_PASSAGE: _rhythm("..."),
    Picture.ALREADY_INSIDE: _rhythm(".-."),
    Picture.UNKNOWN_CREDENTIAL: _rhythm("--"),
    Picture.NOT_AUTHENTIC: _rhythm("---"),
    Picture.REVOKED: _rhythm("-.-"),
    Picture.SUSPENDED: _rhythm("-.."),
    Picture.EXPIRED: _rhythm("--."),
    Picture.STALE_LIST: _rhythm("..-."),
    Picture.OUTSIDE_HOURS: _rhythm("-."),
    Picture.NO_CREDIT: _rhythm(".-"),
    Picture.FULL: _rhythm("..-"),
    Picture.BADGE_ANOTHER: _rhythm("-.-."),
    Picture.BADGE_DONE: _rhythm("...."),
    Picture.BADGE_REFUSED: _rhythm("-..-"),
    Picture.BADGE_AGAIN: _rhythm(".-.."),
    Picture.IDENTIFY: _rhythm(".") * 12,
    Picture.HELD: ((LONG_MS, 700),) * 4,
    Picture.FORCED: ((SHORT_MS, SHORT_MS),) * 60,
    Picture.FIRE: ((1_500, 500),) * 15,
}
"""By the name of the picture; pictures that are not here are silent."""


def lasts_ms(pattern: Pattern) -> int:
    """How long a pattern sounds, its gaps included."""
    return sum(on_ms + off_ms for on_ms, off_ms in pattern)
