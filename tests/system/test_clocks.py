"""Clocks that jump, stand still, are lost or are confirmed wrong, for a while; `make faults` does it for longer."""

import os
import random
from pathlib import Path

import pytest

from tests.faults.clocks import clocks_campaign
from tests.faults.told_late import told_late_campaign

WALKS, DEEDS, WEEKS = 12, 50, 5

pytestmark = pytest.mark.faults


@pytest.fixture
def seed() -> int:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    print(f"SEED={seed}")
    return seed


def test_no_clock_opens_a_door_that_nobody_opened_nor_keeps_one_shut(tmp_path: Path, seed: int) -> None:
    assert clocks_campaign(tmp_path, WALKS, DEEDS, seed) == WALKS * DEEDS


def test_whatever_the_clock_of_a_unit_everybody_is_charged_for_what_they_used(tmp_path: Path, seed: int) -> None:
    told_late_campaign(tmp_path, WEEKS, seed)
