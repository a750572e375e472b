"""Dates that an operator corrects: what was, or what it costs, in the place of what was computed (rules 4.8)."""

from collections.abc import Sequence
from datetime import date

from device.contract.instant import Instant
from server.accounts.accounts import Accounts
from server.core.calendar.opening_hours import Span
from server.core.charge.day_charge import DayCharge
from server.core.charge.facts import ChargeCorrection, Correction
from server.core.house_rules import HouseRules
from server.errors import Refusal
from server.store.accounts import corrections, day_books
from server.store.accounts.ledger import Cause
from server.store.database import Database
from server.store.people import members


def correct(
    db: Database,
    house: HouseRules,
    member: int,
    day: date,
    *,
    by: str,
    now: Instant,
    reason: str,
    presence: Sequence[Span] | None = None,
    charge: ChargeCorrection | None = None,
) -> DayCharge:
    """The date as corrected: the spans in which the member was there (none: not at all), or the charge, or both.

    It takes the place of an earlier correction. Raises `Refusal` without a reason, for a date to come, and where it
    leaves the date as it was computed.
    """
    with db.writing():
        members.find(db, member)
        if not reason.strip():
            raise Refusal("correction_without_reason", field="reason")
        if presence is None and charge is None:
            raise Refusal("correction_of_nothing")
        if day > house.day_of(now):
            raise Refusal("day_to_come", day=day)
        calendar = house.calendars.on(day)
        said = Correction(
            None
            if presence is None
            else tuple(
                (calendar.moment(day, span.start), calendar.moment(day, span.end, second_time=True))
                for span in presence
            ),
            charge,
        )
        written = corrections.write(db, member, day, said, reason=reason.strip(), operator=by, now=now)
        Accounts(db, house).bring_up(member, day, Cause(f"correction {written.id}", by, day), now)
        corrected = day_books.of_days(db, member, [day])[day].charge
        assert corrected is not None, "a corrected date is reckoned"
        if corrected.is_as_computed:
            raise Refusal("as_computed_already", day=day)
    return corrected


def lift(
    db: Database, house: HouseRules, member: int, day: date, *, by: str, now: Instant, reason: str = ""
) -> DayCharge | None:
    """The date as computed again, None where nothing is known of it; raises `Refusal` where it was not corrected."""
    with db.writing():
        members.find(db, member)
        words = corrections.of_day(db, member, day)
        if not words or words[-1].correction is None:
            raise Refusal("not_corrected", day=day)
        written = corrections.write(db, member, day, None, reason=reason.strip(), operator=by, now=now)
        Accounts(db, house).bring_up(member, day, Cause(f"correction {written.id}", by, day), now)
        kept = day_books.of_days(db, member, [day]).get(day)
    return kept.charge if kept else None
