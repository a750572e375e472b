"""What a buzzer sounds, as the bench shows it: in signs and in words, both read off the unit's own patterns."""

from typing import NamedTuple

from device.core.lights.buzzer import LONG_MS, PATTERNS, SHORT_MS, Pattern, lasts_ms

SIGNS_SHOWN = 4
ENDLESS_MS = 5_000
"""A pattern that lasts longer sounds on and on to whoever hears it."""
COUNTED = ("one", "two", "three", "four")
"""More tones than these are a row to the ear."""


class Tone(NamedTuple):
    """A tone by its length: as a sign, and in a word."""

    sign: str
    word: str


SHORT, LONG, VERY_LONG = Tone("•", "short"), Tone("—", "long"), Tone("——", "very long")


def in_signs(pattern: Pattern) -> str:
    """`• — •`; of a row of many tones the first ones alone."""
    tones = _tones(pattern)
    shown = tones[: SIGNS_SHOWN // len(tones[0].sign)]
    return " ".join(tone.sign for tone in shown) + ("…" if len(tones) > len(shown) else "")


def in_words(pattern: Pattern) -> str:
    """`short, long, short`, or `two short tones` where they are all alike; in English, as the catalogue knows it."""
    tones = _tones(pattern)
    word = tones[0].word
    if any(tone != tones[0] for tone in tones):
        return ", ".join(tone.word for tone in tones)
    if len(tones) == 1:
        return f"one {word} tone"
    if len(tones) <= len(COUNTED):
        return f"{COUNTED[len(tones) - 1]} {word} tones"
    return f"{word} tones without end" if lasts_ms(pattern) > ENDLESS_MS else f"a row of {word} tones"


def _tones(pattern: Pattern) -> list[Tone]:
    return [SHORT if on_ms <= SHORT_MS else LONG if on_ms <= LONG_MS else VERY_LONG for on_ms, _ in pattern]


SIGNS = {f"rhythm.{picture}": in_signs(pattern) for picture, pattern in PATTERNS.items()}
WORDS = {f"buzzer.{picture}": in_words(pattern) for picture, pattern in PATTERNS.items()}
"""By the key that the page's script asks for: a prefix and the name of the pattern."""
