"""A server whose disk is full acknowledges nothing that it did not keep, says so, and goes on when there is room."""

import json
import resource
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.live_place import LivePlace, eventually, is_kept
from tests.system.limits import limit_file_size

pytestmark = pytest.mark.faults


def test_a_full_disk_at_the_server_loses_nothing_and_is_told(tmp_path: Path) -> None:
    with LivePlace(tmp_path) as place:
        door = place.add_unit("front", has_contact=False)
        place.start()
        place.wait_for_list("front")
        badge = next(iter(place.people))
        limit_file_size(place.server.pid, 1)
        try:
            assert door.tap(badge) == "granted granted"
            assert eventually(lambda: "books: cannot be written" in health(place))
        finally:
            limit_file_size(place.server.pid, resource.RLIM_INFINITY)
        place.wait(is_kept("front", "passage", badge))
        assert eventually(lambda: "books" not in health(place))
        assert [member["id"] for member in place.json("present")["members"]] == [place.people[badge]]
        place.command("verify")


def health(place: LivePlace) -> str:
    """What `/healthz` complains of."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{place.web_port}/healthz") as answer:
            return " ".join(json.load(answer)["reasons"])
    except urllib.error.HTTPError as answer:
        return " ".join(json.load(answer)["reasons"])
