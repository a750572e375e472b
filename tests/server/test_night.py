"""A place that is open over midnight: Friday from 18:00 to 24:00, and Saturday from 0:00 to 2:00."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.instant import Instant
from device.contract.messages import WEEKDAYS, Direction, Passage
from server.accounts.statement import statement
from server.core.house_rules import HouseRules
from server.core.presence.presence import Stay
from server.ingest import recount
from server.ingest.ingest import Ingest
from server.mqtt.inbound import Arrival
from server.presence import attendance
from server.retention.purge import purge
from server.store.database import Database, make_database
from server.store.people import badges, members
from server.store.presence import guests, stays
from server.store.retention import removals
from server.store.units import units
from server.verify.verify import verify
from tests.examples import examples
from tests.orders import work_at
from tests.server.arrivals import run_of
from tests.server.core.test_openings import FRIDAY, NIGHT, SATURDAY, at, house_of

ANNE, ANNES = 1, "uid:04A1B2C3"
IN, MIDNIGHT, HALF_PAST, OUT, LATER = (
    at(FRIDAY, "22:00"),
    at(SATURDAY, "00:00"),
    at(SATURDAY, "00:30"),
    at(SATURDAY, "01:00"),
    at(SATURDAY, "12:00"),
)


@pytest.fixture
def house() -> HouseRules:
    return house_of(NIGHT)


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Database]:
    with furnished(tmp_path / "books.sqlite3") as db:
        yield db


def furnished(path: Path) -> Database:
    db = make_database(path)
    with db.writing():
        badges.assign(db, members.add(db, "Anne", now=at(FRIDAY, "08:00")).id, ANNES, now=at(FRIDAY, "08:00"))
        units.add(db, "front", "door", now=at(FRIDAY, "08:00"))
    return db


def passage(moment: Instant, side: Direction) -> Passage:
    return Passage(at=moment, clock="synced", credential=ANNES, side=side, by="badge")


def keep(db: Database, house: HouseRules, *arrivals: Arrival) -> None:
    with db.writing():
        Ingest(db, house).keep(arrivals, arrivals[-1].at)


def came_and_went(db: Database, house: HouseRules) -> None:
    """In at 22:00 and out at 1:00, the clock watched meanwhile."""
    keep(db, house, run_of(passage(IN, "entry")))
    recount.check_out_due(work_at(MIDNIGHT, db, house))
    keep(db, house, run_of(passage(OUT, "exit"), first=2))
    recount.check_out_due(work_at(LATER, db, house))


def minutes_by_day(db: Database, house: HouseRules, now: Instant = LATER) -> dict[date, tuple[int, bool]]:
    told = statement(db, house, ANNE, now, as_of=now)
    return {day.date: (day.minutes, day.automatic) for day in told.days}


def test_at_half_past_midnight_they_are_still_in(night: Database, house: HouseRules) -> None:
    keep(night, house, run_of(passage(IN, "entry")))
    recount.check_out_due(work_at(MIDNIGHT, night, house))
    assert [visit.member for visit in attendance.attendance(night, house, HALF_PAST).members] == [ANNE]
    assert stays.members_inside(night, SATURDAY) == [ANNE]
    assert attendance.crowd(night, house, HALF_PAST).present == 1


def test_they_are_in_though_the_server_is_down_since_before_midnight(night: Database, house: HouseRules) -> None:
    keep(night, house, run_of(passage(IN, "entry")))
    guests.arrive(night, "Léa", day=FRIDAY, now=IN)
    for latest in (False, True):
        roll = attendance.attendance(night, house, HALF_PAST, latest=latest)
        assert ([visit.member for visit in roll.members], [guest.name for guest in roll.guests]) == ([ANNE], ["Léa"])
        empty = attendance.attendance(night, house, LATER, latest=latest)
        assert (empty.members, empty.guests) == ([], [])
    assert verify(night, house, HALF_PAST) == []


def test_each_date_has_its_own_part_and_nobody_was_checked_out_between(night: Database, house: HouseRules) -> None:
    came_and_went(night, house)
    assert minutes_by_day(night, house) == {FRIDAY: (120, False), SATURDAY: (60, False)}
    assert stays.known(night, ANNE, SATURDAY).stays == (Stay(MIDNIGHT, OUT, False),)
    assert verify(night, house, LATER) == []


def test_a_guest_stays_too_and_leaves_by_name(night: Database, house: HouseRules) -> None:
    guests.arrive(night, "Léa", day=FRIDAY, now=IN)
    recount.check_out_due(work_at(HALF_PAST, night, house))
    assert attendance.crowd(night, house, HALF_PAST).guests == 1
    assert guests.leave(night, "lea", day=SATURDAY, now=OUT).automatic is False


def test_who_forgets_is_checked_out_half_an_hour_after_the_night(night: Database, house: HouseRules) -> None:
    keep(night, house, run_of(passage(IN, "entry")))
    guests.arrive(night, "Léa", day=FRIDAY, now=IN)
    for moment in (MIDNIGHT, at(SATURDAY, "02:29")):
        recount.check_out_due(work_at(moment, night, house))
        assert attendance.crowd(night, house, moment).present == 2
    recount.check_out_due(work_at(at(SATURDAY, "02:30"), night, house))
    assert attendance.crowd(night, house, at(SATURDAY, "02:30")).present == 0
    assert minutes_by_day(night, house) == {FRIDAY: (120, True), SATURDAY: (0, True)}
    assert verify(night, house, LATER) == []


def test_what_happens_on_a_date_leaves_those_before_as_they_were(night: Database) -> None:
    """In a place that never closes: in on Wednesday and never out, so until Friday's end; in again on Sunday."""
    house = house_of({day: [("00:00", "24:00")] for day in WEEKDAYS})
    wednesday, sunday = FRIDAY - timedelta(days=2), SATURDAY + timedelta(days=1)
    keep(night, house, run_of(passage(at(wednesday, "22:00"), "entry")))
    for nth in range(1, 4):
        recount.check_out_due(work_at(at(wednesday + timedelta(days=nth), "00:00"), night, house))
    friday = stays.known(night, ANNE, FRIDAY)
    assert friday.stays == (Stay(at(FRIDAY, "00:00"), at(SATURDAY, "00:00"), True),)
    keep(night, house, run_of(passage(at(sunday, "10:00"), "entry"), first=2))
    assert stays.known(night, ANNE, FRIDAY) == friday
    assert verify(night, house, at(sunday, "10:00")) == []


@examples(40)
@given(order=st.permutations(range(6)), repeated=st.lists(st.sampled_from(range(6))), seed=st.integers(0, 2**16))
def test_whatever_the_order_of_arrival_a_night_gives_the_same_books(
    order: list[int], repeated: list[int], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Six passages at six doors; each is heard of when it may be, perhaps twice, the clock watched now and then."""
    house, source = house_of(NIGHT), Random(seed)
    moments = [at(FRIDAY, "19:00"), at(FRIDAY, "20:30"), IN, HALF_PAST, at(SATURDAY, "00:45"), OUT]
    told = [passage(moment, "entry" if nth % 2 == 0 else "exit") for nth, moment in enumerate(moments)]
    path = tmp_path_factory.mktemp("night") / "books.sqlite3"
    with furnished(path) as db:
        for nth in range(6):
            units.add(db, f"door-{nth}", "door", now=IN)
        ingest, now = Ingest(db, house), IN
        for nth in (*order, *repeated):
            now = max(now, moments[nth]) + timedelta(minutes=source.randrange(20))
            if source.random() < 0.5:
                recount.check_out_due(work_at(now, db, house, accounts=ingest.accounts))
            with db.writing():
                ingest.keep([run_of(told[nth], unit=f"door-{nth}", at=now)], now)
        recount.check_out_due(work_at(LATER, db, house))
        assert minutes_by_day(db, house) == {FRIDAY: (210, False), SATURDAY: (45, False)}
        assert verify(db, house, LATER) == []


def test_names_of_a_night_go_together(night: Database, house: HouseRules) -> None:
    """Where Friday is the last date to go, at whose end Anne was in: Saturday's stay is reckoned from its steps."""
    came_and_went(night, house)
    before = minutes_by_day(night, house)
    for today, through in ((date(2027, 2, 7), FRIDAY - timedelta(days=1)), (date(2027, 2, 8), SATURDAY)):
        purge(work_at(at(today, "12:00"), night, house))
        assert removals.through(night, "names") == through
        assert minutes_by_day(night, house) == before
        assert verify(night, house, at(today, "12:00")) == []
    assert stays.lasting(night) == []
    assert night.value("SELECT count(*) FROM stays") == 0
