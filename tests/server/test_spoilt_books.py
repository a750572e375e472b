"""The books damaged, or held by somebody else: the campaigns of `tests.faults`, short."""

from pathlib import Path

import pytest

from device.contract.channels import STATE
from device.contract.codec import encode
from device.contract.state import State
from server.core.house_rules import HouseRules
from server.mqtt.inbound import Arrival
from server.store.database import Database
from server.store.journal import journal
from tests.faults.lock import DONE, NOTHING, lock_campaign
from tests.faults.rot_books import rot_books_campaign
from tests.server.arrivals import MORNING, SITE, passed, run_of
from tests.server.office import ANNES, Office

SEED = 8


def test_whatever_of_the_books_is_overwritten_nothing_is_acknowledged_that_is_not_in_the_journal(
    tmp_path: Path,
) -> None:
    tally = rot_books_campaign(tmp_path, 12, SEED)
    assert tally.refused + tally.harmless + tally.told == 12


def test_while_somebody_else_holds_the_books_what_is_said_of_each_order_is_so(tmp_path: Path) -> None:
    said = lock_campaign(tmp_path, 10, SEED)
    assert said.count(DONE) + said.count(NOTHING) > 10


@pytest.mark.parametrize("table", ["events", "heads", "badges", "units", "stays", "standings", "members"])
def test_a_damaged_page_acknowledges_nothing_and_is_told(db: Database, house: HouseRules, table: str) -> None:
    office = Office(db, house, pause_s=0.01)
    office.keeper.start()
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: office.acks() == [1])
    office.keeper.stop()
    office.own.close()
    spoil(db, table)
    office = Office(db, house, pause_s=0.01, furnishes=False)
    office.keeper.start()
    for nth in range(20):
        office.keeper.arrived(run_of(passed(nth + 1, ANNES), first=nth + 2))
    office.wait(lambda: bool(office.keeper.stats.damage))
    office.keeper.stop()
    office.own.close()
    assert "malformed" in office.keeper.stats.damage
    assert set(office.acks()) <= {1}, "more than the last ack again"


def test_one_damaged_page_does_not_stop_what_needs_it_not(db: Database, house: HouseRules) -> None:
    """The states of units cannot be kept; their passages are, though they arrive together."""
    office = Office(db, house, pause_s=0.01)
    online = Arrival(STATE.topic(SITE, "front"), encode(State(online=False)), MORNING)
    office.keeper.start()
    office.keeper.arrived(online)
    office.keeper.stop()
    office.own.close()
    spoil(db, "unit_states")
    office = Office(db, house, pause_s=0.01, furnishes=False)
    for arrival in (online, run_of(passed(0, ANNES)), online, run_of(passed(1, ANNES), unit="back")):
        office.keeper.arrived(arrival)
    office.keeper.start()
    office.wait(lambda: bool(office.acks("front") and office.acks("back")))
    office.keeper.stop()
    office.own.close()
    assert office.keeper.stats.damage
    assert [line.unit for line in journal.lines(db)] == ["front", "back"]


def spoil(db: Database, table: str) -> None:
    """Overwrites the page that the table begins with."""
    page = db.value("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with db.path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)
