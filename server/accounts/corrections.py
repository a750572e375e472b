"""Dates that an operator corrects: what was, or what it costs, in the place of what was computed (rules 4.8)."""

from collections.abc import Sequence
from datetime import date

from server.accounts.work import Work
from server.core.calendar.opening_hours import Span
from server.core.charge.day_charge import DayCharge
from server.core.charge.facts import ChargeCorrection, Correction
from server.errors import Refusal
from server.store.accounts import corrections, day_books
from server.store.accounts.ledger import Cause
from server.store.people import members


def correct(
    work: Work,
    member: int,
    day: date,
    *,
    reason: str,
    presence: Sequence[Span] | None = None,
    charge: ChargeCorrection | None = None,
) -> DayCharge:
    """The date as corrected: the spans in which the member was there (none: not at all), or the charge, or both.

    It takes the place of an earlier correction. Raises `Refusal` without a reason, for a date to come, and where it
    leaves the date as it was computed.
    """
    db = work.db
    with db.writing():
        members.find(db, member)
        if not reason.strip():
            raise Refusal("correction_without_reason", field="reason")
        if presence is None and charge is None:
            raise Refusal("correction_of_nothing")
        if day > work.today:
            raise Refusal("day_to_come", day=day)
        calendar = work.house.calendars.on(day)
        said = Correction(
            None
            if presence is None
            else tuple(
                (calendar.moment(day, span.start), calendar.moment(day, span.end, second_time=True))
                for span in presence
            ),
            charge,
        )
        _write(work, member, day, said, reason)
        corrected = day_books.of_days(db, member, [day])[day].charge
        assert corrected is not None, "a corrected date is reckoned"
        if corrected.is_as_computed:
            raise Refusal("as_computed_already", day=day)
    return corrected


def lift(work: Work, member: int, day: date, *, reason: str = "") -> DayCharge | None:
    """The date as computed again, None where nothing is known of it; raises `Refusal` where it was not corrected."""
    db = work.db
    with db.writing():
        members.find(db, member)
        words = corrections.of_day(db, member, day)
        if not words or words[-1].correction is None:
            raise Refusal("not_corrected", day=day)
        _write(work, member, day, None, reason)
        kept = day_books.of_days(db, member, [day]).get(day)
    return kept.charge if kept else None


def _write(work: Work, member: int, day: date, said: Correction | None, reason: str) -> None:
    written = corrections.write(work.db, member, day, said, reason=reason.strip(), operator=work.operator, now=work.now)
    work.bring_up(member, day, Cause(f"correction {written.id}", work.operator, day))
