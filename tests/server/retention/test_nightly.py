"""The purge by itself: at a start, every night, a little at a time; never by a clock that is years ahead."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from server.retention.nightly import NightlyPurge, purge_restored
from server.store.retention import removals
from tests.server.ledger_place import LedgerPlace

CAME_ON = date(2026, 3, 2)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[LedgerPlace]:
    place = LedgerPlace(tmp_path)
    place.at("8:00", CAME_ON).came("9:00-12:00", day=CAME_ON)
    yield place
    place.db.close()


def steps_of(purge: NightlyPurge, place: LedgerPlace) -> int:
    """How many steps it takes until there is nothing to do."""
    taken = 0
    while purge.step(place.work()):
        taken += 1
    return taken


def named(place: LedgerPlace) -> int:
    return int(place.db.value("SELECT count(*) FROM events WHERE member IS NOT NULL"))


def test_it_begins_at_a_start_and_again_at_three_in_the_night(place: LedgerPlace) -> None:
    purge = NightlyPurge()
    place.at("22:00", date(2026, 6, 2))
    assert steps_of(purge, place) > 0
    assert named(place) == 2
    for clock in ("0:10", "2:59"):
        assert steps_of(purge, place.at(clock, date(2026, 6, 3))) == 0
    assert steps_of(purge, place.at("3:00", date(2026, 6, 3))) > 0
    assert named(place) == 0
    assert steps_of(purge, place.at("3:01", date(2026, 6, 3))) == 0
    assert place.verified() == []


def test_each_step_is_a_transaction_of_its_own(place: LedgerPlace) -> None:
    for day in (date(2026, 3, 3), date(2026, 3, 4)):
        place.came("9:00-12:00", day=day)
    purge = NightlyPurge()
    left = []
    place.at("12:00", date(2026, 8, 3))
    while purge.step(place.work()):
        assert not place.db.connection.in_transaction
        left.append(named(place))
    assert left[:3] == [4, 2, 0]


def test_a_clock_that_is_years_ahead_removes_nothing_by_itself(place: LedgerPlace) -> None:
    place.at("12:00", date(2036, 3, 2))
    assert steps_of(NightlyPurge(), place) == 0
    purge_restored(place.work())
    assert named(place) == 2
    assert removals.through(place.db, "names") == date.min


def test_the_log_is_emptied_once_nobody_reads(place: LedgerPlace) -> None:
    log = place.db.path.with_name(f"{place.db.path.name}-wal")
    purge = NightlyPurge()
    steps_of(purge, place.at("12:00", date(2026, 8, 3)))
    purge.step(place.work())
    assert log.stat().st_size == 0


def test_the_log_is_left_to_a_replica_that_follows_it(place: LedgerPlace) -> None:
    log = place.db.path.with_name(f"{place.db.path.name}-wal")
    purge = NightlyPurge(owns_log=False)
    steps_of(purge, place.at("12:00", date(2026, 8, 3)))
    purge.step(place.work())
    assert log.stat().st_size > 0
    assert named(place) == 0
