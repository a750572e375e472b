"""Something of a unit's disk rots before each of ten starts; `make faults` does it two hundred times."""

import os
import random
from pathlib import Path

import pytest

from tests.faults.rot import rot_campaign
from tests.live_place import LivePlace

ROUNDS = 10


@pytest.mark.faults
def test_whatever_rots_on_its_disk_the_door_opens_and_what_is_written_reaches_the_books(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    print(f"SEED={seed}")
    with LivePlace(tmp_path) as place:
        assert sum(rot_campaign(place, ROUNDS, random.Random(seed)).values()) >= ROUNDS
