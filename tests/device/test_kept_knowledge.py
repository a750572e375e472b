"""What a unit knows after a start is the newest that can be read of what the disk has, and never a mode that ended."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from device.contract.codec import encode
from device.contract.messages import Hours, Inside, Occupancy, RoomStatus
from device.core.door.mode import Mode
from device.knowledge import Knowledge, RoomMemory
from tests.device.world import MONDAY_9, access_list

OCCUPANCY = Occupancy(present=3, guests=0, comfortable=25, max=35, level="comfortable", uncertain=0, as_of=MONDAY_9)
ROOM = RoomMemory(
    RoomStatus(
        name="Atelier", seats=4, people=2, use="focus", label="Calme", colour="#112233", since=MONDAY_9, set_by="dial"
    )
)


class Disk(dict[str, Any]):
    """A cache whose disk takes things when it is told to; each name has its payloads, the newest first."""

    def __init__(self, **files):
        super().__init__(files)
        self.asked = []

    def load(self, name):
        return self.get(name, [])

    def keep(self, name, payload):
        self.asked.append((name, payload))


def started(disk):
    return Knowledge(disk, ZoneInfo("Europe/Paris"), 10)


def test_a_list_counts_as_kept_when_it_is_on_the_disk_and_not_before():
    disk = Disk()
    knowledge = started(disk)
    knowledge.heard(access_list(6))
    ((name, payload),) = disk.asked
    assert (knowledge.access_list.version, knowledge.kept_version) == (6, 0)
    knowledge.not_kept(name)
    assert (knowledge.kept_version, knowledge.not_on_disk) == (0, {"access-list"})
    knowledge.kept(name, payload)
    assert (knowledge.kept_version, knowledge.not_on_disk) == (6, set())


def test_a_list_that_reaches_the_disk_after_a_newer_one_came_is_not_told_as_the_newer():
    disk = Disk()
    knowledge = started(disk)
    for version in (6, 7):
        knowledge.heard(access_list(version))
    knowledge.kept(*disk.asked[0])
    assert knowledge.kept_version == 0
    knowledge.kept(*disk.asked[1])
    assert knowledge.kept_version == 7


@pytest.mark.parametrize("damaged", [b"", b'{"version":6', b"null", b"\xff\xfe", encode(OCCUPANCY)])
def test_a_damaged_list_gives_way_to_the_former_which_is_told_for_what_it_is(damaged):
    knowledge = started(Disk(**{"access-list": [damaged, encode(access_list(5))]}))
    assert (knowledge.access_list.version, knowledge.kept_version, knowledge.is_damaged) == (5, 5, True)


def test_a_former_list_is_left_alone_while_the_newest_is_good():
    knowledge = started(Disk(**{"access-list": [encode(access_list(6)), b""]}))
    assert (knowledge.kept_version, knowledge.is_damaged) == (6, False)


def test_the_list_that_was_damaged_is_taken_again_from_the_server():
    disk = Disk(**{"access-list": [b"", encode(access_list(5))]})
    knowledge = started(disk)
    knowledge.heard(access_list(6))
    knowledge.kept(*disk.asked[-1])
    assert knowledge.kept_version == 6


def test_without_any_good_list_nobody_is_let_in_and_it_is_told():
    knowledge = started(Disk(**{"access-list": [b"", b"{}"]}))
    assert (knowledge.access_list.grants, knowledge.kept_version, knowledge.is_damaged) == ({}, 0, True)


def test_a_damaged_mode_is_normal_and_never_one_that_ended():
    knowledge = started(Disk(mode=[b"", encode(Mode("free"))]))
    assert (knowledge.mode_at(MONDAY_9, 100.0), knowledge.is_damaged) == ("normal", True)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("occupancy", OCCUPANCY),
        ("hours", Hours(open=True, until=MONDAY_9, opens_at=None)),
        ("room", ROOM),
    ],
)
def test_what_else_is_damaged_gives_way_to_what_was_before_it(name, message):
    knowledge = started(Disk(**{name: [b"", encode(message)]}))
    assert (getattr(knowledge, name), knowledge.is_damaged) == (message, True)


def test_who_was_in_is_known_from_the_former_word_where_the_last_is_damaged():
    knowledge = started(Disk(inside=[b"{", encode(Inside(members=[17], as_of=MONDAY_9))]))
    assert knowledge.insiders.is_in(17, MONDAY_9)
