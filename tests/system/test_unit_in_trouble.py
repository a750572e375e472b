"""A door whose disk, reader or clock fails: it opens all the same, says so, and nothing of it is lost or believed."""

import resource
from collections.abc import Iterator
from datetime import timedelta

import pytest

from device.contract.instant import Instant
from server.store.database import Database
from tests.contract_client import now
from tests.live_place import LivePlace, SimulatedUnit, is_kept
from tests.patience import wait_until
from tests.system.limits import limit_file_size

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("unit_in_trouble")]

SOON = timedelta(seconds=10)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePlace]:
    with LivePlace(tmp_path_factory.mktemp("place")) as place:
        place.add_unit("front", has_contact=False, debounce_s=0.1, release_s=1)
        place.start()
        place.wait_for_list("front")
        yield place


@pytest.fixture
def door(place: LivePlace) -> SimulatedUnit:
    """The door, shut: the pulse of the last test is over."""
    unit = place.units["front"]
    wait_until(lambda: [told.line for told in unit.told if told.line.startswith("strike")][-1:] != ["strike released"])
    return unit


@pytest.fixture(scope="module")
def badges(place: LivePlace) -> list[str]:
    return list(place.people)


def passed_at(db: Database, credential: str) -> Instant | None:
    sql = "SELECT at FROM events WHERE kind = 'passage' AND instr(body, ?) > 0"
    at = db.value(sql, (credential,))
    return at and Instant.parse(at)


def test_a_full_disk_keeps_no_door_shut_and_loses_nothing(
    place: LivePlace, door: SimulatedUnit, badges: list[str]
) -> None:
    mark, credential, later = len(door.told), badges[0], badges[-1]
    limit_file_size(door.pid, 1)
    try:
        assert door.tap(credential) == "granted granted"
        door.wait_for("strike released", after=mark)
        door.wait_for("alarm disk on", after=mark)
        place.wait(is_kept("front", "passage", credential))
        place.wait(is_kept("front", "alarm", '"disk","active":true'))
    finally:
        limit_file_size(door.pid, resource.RLIM_INFINITY)
    door.wait_for("alarm disk off", after=mark)
    assert door.tap(later) == "granted granted"
    place.wait(is_kept("front", "passage", later))


def test_an_unplugged_reader_is_told_at_once_and_taken_up_again(
    place: LivePlace, door: SimulatedUnit, badges: list[str]
) -> None:
    mark = len(door.told)
    door.order("reader unplug")
    door.wait_for("alarm reader on", after=mark)
    door.order("reader plug")
    door.wait_for("alarm reader off", after=mark)
    assert door.tap(badges[1]) == "granted granted"
    place.wait(is_kept("front", "alarm", '"reader","active":false'))


@pytest.mark.parametrize(("years", "nth"), [(3, 2), (-30, 3)])
def test_a_clock_years_off_refuses_nobody_and_is_not_believed(
    place: LivePlace, door: SimulatedUnit, badges: list[str], years: int, nth: int
) -> None:
    credential = badges[nth]
    door.order(f"clock {years * 365 * 86_400}")
    try:
        assert door.tap(credential) == "granted granted"
        place.wait(is_kept("front", "passage", credential))
    finally:
        door.order("clock 0")
    with place.db() as db:
        at = passed_at(db, credential)
    assert at is not None and abs(now() - at) < SOON
    assert place.people[credential] in {member["id"] for member in place.json("present")["members"]}
    place.command("verify")


def test_a_unit_whose_disk_cannot_be_used_at_all_works_from_what_the_server_tells(
    place: LivePlace, badges: list[str]
) -> None:
    door = place.add_unit("back", has_contact=False)
    (door.folder / "data").write_text("where the folder should be")
    door.start()
    door.wait_for("alarm disk on")
    wait_until(lambda: "access list taken" in door.log_text())
    assert door.tap(badges[4]) == "granted granted"
    place.wait(is_kept("back", "passage", badges[4]))
