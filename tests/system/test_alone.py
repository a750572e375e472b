"""Doors, server and broker start in any order, and each waits for the others while it does what it can alone."""

from pathlib import Path

import pytest

from tests.live_place import LivePlace, eventually, is_kept

pytestmark = pytest.mark.faults


def test_door_and_server_start_without_a_broker_say_so_and_keep_trying(tmp_path: Path) -> None:
    with LivePlace(tmp_path) as place:
        door = place.add_unit("front", has_contact=False)
        door.start()
        place.server.start()
        badge = next(iter(place.people))
        assert door.tap(badge) == "denied unknown_credential"
        assert eventually(lambda: "broker unreachable" in door.log_text())
        assert eventually(lambda: "broker unreachable" in place.server.log_text())
        place.broker.start()
        place.wait(is_kept("front", "access", badge))
        assert door.is_running and place.server.is_running


def test_a_door_that_starts_with_nobody_there_opens_from_its_list_and_tells_it_later_once(tmp_path: Path) -> None:
    with LivePlace(tmp_path) as place:
        door = place.add_unit("front", has_contact=False)
        place.start()
        place.wait_for_list("front")
        for program in (door, place.server, place.broker):
            program.kill()
        door.start()
        badge = next(iter(place.people))
        assert door.tap(badge) == "granted granted"
        place.broker.start()
        place.server.start()
        place.wait(is_kept("front", "passage", badge))
        with place.db() as db:
            assert db.value("SELECT count(*) FROM events WHERE kind = 'passage'") == 1
        assert [member["id"] for member in place.json("present")["members"]] == [place.people[badge]]
