"""Unit, server and broker are killed a dozen times as people come and go; `make faults` does it two hundred times."""

import os
import random
from pathlib import Path

import pytest

from tests.faults.crash import crash_campaign
from tests.live_place import LivePlace

KILLS = 12


@pytest.mark.faults
def test_nothing_is_lost_or_counted_twice_whoever_is_killed(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    print(f"SEED={seed}")
    with LivePlace(tmp_path) as place:
        assert crash_campaign(place, KILLS, seed) > KILLS
