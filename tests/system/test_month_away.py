"""A door that was away for long hands everything over, in order, once, and answers taps meanwhile."""

from pathlib import Path

import pytest

from tests.faults.month_away import EPOCH, drain, month_away
from tests.live_place import LivePlace

EVENTS = 5_000


@pytest.mark.faults
def test_what_was_kept_for_long_arrives_in_order_once_and_taps_are_answered_meanwhile(tmp_path: Path) -> None:
    with LivePlace(tmp_path) as place:
        door = month_away(place, "front", EVENTS)
        drained = drain(place, door, EVENTS)
        assert drained.kept[0] < EVENTS  # the first of these taps was answered before all was handed over
        with place.db() as db:
            sql = "SELECT seq FROM events JOIN heads ON heads.id = head WHERE epoch = ? ORDER BY events.id"
            kept = [row["seq"] for row in db.rows(sql, (EPOCH,))]
        assert kept[:EVENTS] == list(range(1, EVENTS + 1))
        place.command("verify")
