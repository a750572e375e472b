"""The two forms that correct a date: what is typed in them, what it says, and what they hold before anybody types."""

from collections.abc import Mapping, Sequence
from datetime import date

from server.core.calendar.opening_hours import Span, spans_of
from server.core.charge.day_charge import DayCharge
from server.core.charge.facts import ChargeCorrection
from server.core.charge.passes import PAYING_KINDS
from server.store.accounts.corrections import CorrectionWritten
from server.store.database import Database
from server.store.presence import stays
from server.web.formats import clock
from server.web.numbers import cents_of

Typed = dict[str, str]

ROWS, MOST_ROWS = 2, 24
"""Spans that the form of a presence shows at least, and takes at most."""

AMOUNTS = (*PAYING_KINDS, "nomade")
MOST_TICKETS = 100
"""In one charge; more is a slip of the hand."""

MIDNIGHT = "00:00"
"""How a time field says 24:00."""


def presence_typed(form: Mapping[str, str]) -> Typed:
    """What was typed in the form of a presence."""
    keys = [f"{end}_{nth}" for nth in range(MOST_ROWS) for end in ("from", "to")]
    typed = {key: form[key] for key in keys if form.get(key)}
    return typed | {"absent": form.get("absent", ""), "presence_reason": form.get("reason", "")}


def spans_typed(typed: Typed) -> tuple[Span, ...]:
    """The spans that it says, none for who was not there; raises `ValueError` for times that are none, or no time."""
    if typed["absent"] == "yes":
        return ()
    pairs = [(typed.get(f"from_{nth}", ""), typed.get(f"to_{nth}", "")) for nth in range(MOST_ROWS)]
    spans = spans_of([(start, "24:00" if end == MIDNIGHT else end) for start, end in pairs if start or end])
    if not spans:
        raise ValueError("nothing was typed")
    return spans


def presence_known(db: Database, member: int, day: date, words: Sequence[CorrectionWritten]) -> Typed:
    """What the form holds at first: the presence as an operator has corrected it, or else as the doors tell it."""
    said = words[-1].correction if words else None
    if said is not None and said.presence is not None:
        pairs = [(began_at, ended_at) for began_at, ended_at in said.presence]
        return _fields([(clock(began_at), clock(ended_at)) for began_at, ended_at in pairs])
    visits = stays.of_member(db, member, day, day)
    return _fields([(clock(visit.began_at), clock(visit.ended_at) if visit.ended_at else "") for visit in visits])


def rows_of(typed: Typed) -> range:
    """The rows of the form: one more than are filled in, so that another span can be added."""
    filled = max((int(key.partition("_")[2]) + 1 for key in typed if key.startswith(("from_", "to_"))), default=0)
    return range(min(max(ROWS, filled + 1), MOST_ROWS))


def charge_typed(form: Mapping[str, str]) -> Typed:
    """What was typed in the form of a charge."""
    return {key: form.get(key, "").strip() for key in (*AMOUNTS, "owed", "free")} | {
        "charge_reason": form.get("reason", "")
    }


def charge_said(typed: Typed) -> ChargeCorrection:
    """The charge that it says; raises `ValueError` for what is no number, and where nothing is charged unsaid."""
    if typed["free"] == "yes":
        return ChargeCorrection()
    amounts = {name: _tickets(typed[name]) for name in AMOUNTS}
    owed_cents = cents_of(typed["owed"] or "0")
    if owed_cents is None:
        raise ValueError(f"{typed['owed']} is no amount")
    if not (owed_cents or any(amounts.values())):
        raise ValueError("nothing is charged")
    return ChargeCorrection(**amounts, owed_cents=owed_cents)


def charge_known(charged: DayCharge | None) -> Typed:
    """What the form holds at first: the charge that the date has."""
    if charged is None:
        return {}
    took = {kind: str(number) for kind, number in charged.charge.took.items() if kind in AMOUNTS}
    cents = charged.charge.due_cents
    return took | ({"owed": f"{cents // 100},{cents % 100:02d}"} if cents else {})


def _fields(pairs: Sequence[tuple[str, str]]) -> Typed:
    return {
        f"{end}_{nth}": text for nth, pair in enumerate(pairs) for end, text in zip(("from", "to"), pair, strict=True)
    }


def _tickets(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0 if not text else -1
    if not 0 <= number <= MOST_TICKETS:
        raise ValueError(f"{text} is no number of tickets")
    return number
