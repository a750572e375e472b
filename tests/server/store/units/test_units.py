"""Units, and what they say of themselves."""

import pytest

from device.contract.errors import Refused
from device.contract.instant import Instant
from device.contract.state import State
from server.store.database import Database
from server.store.units import units

NOW = Instant.parse("2026-11-23T08:00:00.000Z")
LATER = Instant.parse("2026-11-23T08:01:00.000Z")
UP = State(
    online=True,
    kind="door",
    version="0.1",
    since=NOW,
    outbox=3,
    list_version=2,
    clock="synced",
    address="192.0.2.17",
    alarms=["forced"],
    disk_free_mb=100,
)


def test_a_unit_is_added_once(db: Database) -> None:
    units.add(db, "front", "door", now=NOW)
    with pytest.raises(Refused, match="unit_exists"):
        units.add(db, "front", "door", now=NOW)
    assert [unit.name for unit in units.every(db)] == ["front"]


@pytest.mark.parametrize("name", ["", "Front", "a" * 33, "a/b", "+", "a\n", "été"])
def test_a_name_that_is_no_part_of_a_topic_is_refused(db: Database, name: str) -> None:
    with pytest.raises(Refused, match="name_not_allowed"):
        units.add(db, name, "door", now=NOW)


def test_a_room_unit_has_its_room_and_no_other_has(db: Database) -> None:
    with pytest.raises(Refused, match="room_for_room_units_alone"):
        units.add(db, "dial", "room", now=NOW)
    with pytest.raises(Refused, match="room_for_room_units_alone"):
        units.add(db, "front", "door", room="atelier", now=NOW)
    assert units.add(db, "dial", "room", room="atelier", now=NOW).room == "atelier"


def test_a_removed_unit_may_come_back_under_its_name(db: Database) -> None:
    units.add(db, "front", "door", now=NOW)
    units.remove(db, "front", now=NOW)
    assert (units.every(db), units.removed(db)) == ([], ["front"])
    with pytest.raises(Refused, match=r"no_such_unit .*front"):
        units.remove(db, "front", now=NOW)
    units.add(db, "front", "desk", now=LATER)
    assert [(unit.name, unit.kind, unit.added_at) for unit in units.every(db)] == [("front", "desk", LATER)]


def test_the_last_state_is_kept_and_a_last_will_takes_only_its_being_online(db: Database) -> None:
    units.add(db, "front", "door", now=NOW)
    units.note_state(db, "front", UP, now=NOW)
    units.note_state(db, "front", State(online=False), now=LATER)
    unit = units.find(db, "front")
    assert unit.heard_at == LATER
    assert unit.state is not None
    assert (unit.state.online, unit.state.outbox, unit.state.alarms) == (False, 3, ["forced"])


def test_a_unit_that_was_never_heard_of_has_no_state(db: Database) -> None:
    units.add(db, "front", "door", now=NOW)
    units.add(db, "back", "door", now=NOW)
    units.note_state(db, "back", State(online=False), now=LATER)
    assert [(unit.name, unit.heard_at, unit.state) for unit in units.every(db)] == [
        ("back", LATER, State(online=False)),
        ("front", None, None),
    ]
