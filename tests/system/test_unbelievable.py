"""What no server should believe: any bytes on any topic, and events from the future."""

import os
import random
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract_client import ContractUnit, now, passage
from tests.faults.any_bytes import any_bytes_campaign
from tests.live_place import SITE, LivePlace, heads

pytestmark = pytest.mark.faults

MESSAGES = 500


def test_any_bytes_on_any_topic_are_set_aside_and_nothing_crashes(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    print(f"SEED={seed}")
    with LivePlace(tmp_path) as place:
        assert any_bytes_campaign(place, MESSAGES, seed) > MESSAGES / 10


def test_an_event_from_the_future_is_set_aside_for_the_desk(tmp_path: Path) -> None:
    with LivePlace(tmp_path) as place:
        place.add_unit("front")
        place.start_server()
        early, late = list(place.people)[:2]
        with ContractUnit(place.broker.port, SITE, "front") as unit:
            unit.deliver(
                passage(early, at=now() + timedelta(minutes=6)),
                passage(late, at=now() - timedelta(seconds=1)),
            )
        place.wait(lambda db: list(heads(db).values()) == [2])
        assert [(fault["kind"], fault["seq"]) for fault in place.json("faults")] == [("early", 1)]
        assert [member["id"] for member in place.json("present")["members"]] == [place.people[late]]
        place.command("verify")
