"""Who is in, by doors and by the desk, and the proof that the books are right."""

from datetime import date, timedelta

import pytest

from device.contract.errors import Refused
from device.contract.instant import Instant
from device.contract.messages import Direction
from server.core.house_rules import HouseRules
from server.core.presence.presence import Stay
from server.ingest import recount
from server.ingest.ingest import Ingest
from server.presence import attendance
from server.store.database import Database
from server.store.people import badges, members
from server.store.presence import guests, stays
from server.store.units import units
from server.verify.verify import verify
from tests.orders import work_at
from tests.server.arrivals import MORNING, after, passed, run_of

DAY = date(2026, 11, 23)
ANNES = "uid:04A1B2C3"
ANNE = 1
CLOSING = Instant.parse("2026-11-23T17:00:00.000Z")
NIGHT = Instant.parse("2026-11-24T02:00:00.000Z")


@pytest.fixture
def place(db: Database, house: HouseRules) -> Database:
    with db.writing():
        badges.assign(db, members.add(db, "Anne", now=MORNING).id, ANNES, now=MORNING)
        units.add(db, "front", "door", now=MORNING)
    return db


def keep(db: Database, house: HouseRules, *minutes: float) -> None:
    sides: tuple[Direction, ...] = ("entry", "exit")
    events = [passed(minute, ANNES, sides[nth % 2]) for nth, minute in enumerate(minutes)]
    with db.writing():
        Ingest(db, house).keep([run_of(*events)], events[-1].at)


def test_the_desk_checks_somebody_in_and_out_by_name(place: Database, house: HouseRules) -> None:
    recount.enter_by_desk(work_at(after(3), place, house), ANNE, "entry", at=after(0))
    assert stays.members_inside(place, DAY) == [ANNE]
    recount.enter_by_desk(work_at(after(60), place, house), ANNE, "exit", at=after(60))
    assert stays.known(place, ANNE, DAY).stays == (Stay(after(0), after(60), False),)


def test_the_desk_corrects_an_automatic_check_out(place: Database, house: HouseRules) -> None:
    keep(place, house, 0)
    recount.check_out_due(work_at(NIGHT, place, house))
    recount.enter_by_desk(work_at(NIGHT, place, house), ANNE, "exit", at=after(120))
    assert stays.known(place, ANNE, DAY).stays == (Stay(after(0), after(120), False),)


def test_an_entry_of_the_desk_can_be_taken_back_once(place: Database, house: HouseRules) -> None:
    entry = recount.enter_by_desk(work_at(after(0), place, house), ANNE, "entry", at=after(0))
    recount.lift_entry(work_at(after(1), place, house), entry.id)
    assert stays.members_inside(place, DAY) == []
    with pytest.raises(Refused, match="entry_lifted_already"):
        recount.lift_entry(work_at(after(2), place, house), entry.id)
    with pytest.raises(Refused, match="no_such_entry"):
        recount.lift_entry(work_at(after(2), place, house), 99)


def test_the_desk_cannot_check_in_nobody(place: Database, house: HouseRules) -> None:
    with pytest.raises(Refused):
        recount.enter_by_desk(work_at(MORNING, place, house), 99, "entry", at=MORNING)


def test_who_was_in_at_a_moment_of_the_past(place: Database, house: HouseRules) -> None:
    keep(place, house, 0, 60, 120)
    guests.arrive(place, "Léa", day=DAY, now=after(30))
    found = [attendance.attendance(place, house, after(minute)) for minute in (-1, 0, 59, 60, 119, 120)]
    assert [len(then.members) for then in found] == [0, 1, 1, 0, 0, 1]
    assert [len(then.guests) for then in found] == [0, 0, 1, 1, 1, 1]


def test_who_is_in_now_includes_whom_a_clock_ahead_has_reported(place: Database, house: HouseRules) -> None:
    keep(place, house, 3)
    assert attendance.attendance(place, house, after(0)).members == []
    assert [visit.member for visit in attendance.attendance(place, house, after(0), latest=True).members] == [ANNE]


def test_yesterday_is_over_even_if_nobody_was_checked_out(place: Database, house: HouseRules) -> None:
    keep(place, house, 0)
    assert attendance.attendance(place, house, NIGHT, latest=True).members == []
    assert attendance.crowd(place, house, NIGHT).present == 0


def test_a_pause_over_closing_is_caught_up(place: Database, house: HouseRules) -> None:
    keep(place, house, 0)
    guests.arrive(place, None, day=DAY, now=after(0))
    assert recount.check_out_due(work_at(NIGHT + timedelta(days=30), place, house))
    assert stays.known(place, ANNE, DAY).stays == (Stay(after(0), CLOSING, True),)
    assert guests.lasting(place) == []


def test_books_that_were_kept_are_right(place: Database, house: HouseRules) -> None:
    keep(place, house, 0, 60, 61)
    assert verify(place, house, after(62)) == []
    recount.enter_by_desk(work_at(after(71), place, house), ANNE, "exit", at=after(70))
    assert verify(place, house, NIGHT) == []


def test_somebody_not_yet_checked_out_is_no_difference(place: Database, house: HouseRules) -> None:
    keep(place, house, 0)
    assert verify(place, house, NIGHT) == []


@pytest.mark.parametrize(
    ("damage", "kept", "counted"),
    [
        ("DELETE FROM stays", "absent", "09:00:00-10:00:00"),
        ("UPDATE stays SET ended_at = '2026-11-23T10:00:00.000Z'", "09:00:00-11:00:00", "09:00:00-10:00:00"),
        ("UPDATE stays SET ended_at = NULL", "09:00:00-…", "09:00:00-10:00:00"),
        ("UPDATE stays SET automatic = 1", "09:00:00-10:00:00*", "09:00:00-10:00:00"),
        ("DELETE FROM events WHERE seq = 2", "09:00:00-10:00:00", "09:00:00-18:00:00*"),
    ],
)
def test_damage_to_presence_is_found(place: Database, house: HouseRules, damage: str, kept: str, counted: str) -> None:
    keep(place, house, 0, 60)
    place.execute(damage)
    (difference,) = [found for found in verify(place, house, NIGHT) if found.subject == "presence"]
    assert (difference.member, difference.day) == (ANNE, DAY)
    assert (difference.kept, difference.counted) == (kept, counted)


def test_a_head_that_is_behind_its_journal_is_found(place: Database, house: HouseRules) -> None:
    keep(place, house, 0, 60)
    place.execute("UPDATE heads SET through = 1")
    (difference,) = verify(place, house, NIGHT)
    assert (difference.kept, difference.counted) == ("through 1", "through 2")
