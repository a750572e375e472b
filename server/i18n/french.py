"""Dates, times, money and tickets as they are written in French."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from server.core.calendar.opening_hours import MS_A_MINUTE
from server.core.charge.passes import TicketKind

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
TICKETS: Mapping[TicketKind, tuple[str, str]] = {
    "hour": ("heure", "heures"),
    "half_day": ("demi-journée", "demi-journées"),
    "day": ("journée", "journées"),
    "golden": ("ticket d'or", "tickets d'or"),
}

NARROW_SPACE = "\u202f"
"""U+202F, which French puts between thousands and before a unit: it does not break a line."""


def full_date(day: date) -> str:
    """`mardi 1er décembre 2026`."""
    nth = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {nth} {MONTHS[day.month - 1]} {day.year}"


def clock(at: datetime) -> str:
    """`9 h 05`, of a local time."""
    return f"{at.hour} h {at.minute:02d}"


def duration(milliseconds: int) -> str:
    """`3 h 08`, begun minutes left out."""
    hours, minutes = divmod(milliseconds // MS_A_MINUTE, 60)
    return f"{hours} h {minutes:02d}" if hours else f"{minutes} min"


def euros(cents: int) -> str:
    """`6 €` or `4,50 €`, `−6 €` where it is negative."""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", NARROW_SPACE)
    return f"{'−' if cents < 0 else ''}{grouped}{f',{rest:02d}' if rest else ''}{NARROW_SPACE}€"


def tickets(kind: TicketKind, number: int) -> str:
    """`1 journée`, `2 demi-journées`."""
    one, many = TICKETS[kind]
    return f"{number} {one if number < 2 else many}"


def listed(parts: Sequence[str]) -> str:
    """`a`, `a et b`, `a, b et c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} et {parts[-1]}"
