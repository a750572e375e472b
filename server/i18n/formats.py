"""Dates, amounts and names as a language writes them. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency

NARROW_SPACE = "\u202f"
"""U+202F, which French puts between thousands and before a unit: it does not break a line."""

_NO_CENTS = re.compile(r"\.0+")


def own_name(language: str) -> str:
    """A language as it calls itself: `Français`."""
    name = str(Locale.parse(language).get_display_name())
    return name[:1].upper() + name[1:]


def money(cents: int, language: str) -> str:
    """`6 €` or `4,50 €`, `€4.50` in English; whole euros without cents, a minus and no hyphen where it is negative."""
    pattern = Locale.parse(language).currency_formats["standard"].pattern
    if cents % 100 == 0:
        pattern = _NO_CENTS.sub("", pattern)
    amount = Decimal(abs(cents)) / 100
    text = format_currency(amount, "EUR", pattern, locale=language, currency_digits=False)
    if language == "fr":
        text = text.replace("\u00a0", NARROW_SPACE)
    return f"−{text}" if cents < 0 else text


def full_date(day: date, language: str) -> str:
    """`mardi 1er décembre 2026`; Babel does not know the ordinal of a French month's first day."""
    text = format_date(day, "full", locale=language)
    return text.replace(" 1 ", " 1er ", 1) if language == "fr" and day.day == 1 else text


def listed(parts: Sequence[str], language: str) -> str:
    """`a`, `a et b`, `a, b et c`."""
    return format_list(parts, locale=language)
