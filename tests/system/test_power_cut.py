"""The power goes while a unit or the server writes; a simulated disk forgets what was not synced."""

import os
import random
from pathlib import Path

import pytest

from tests.faults.power_cut import books_campaign, outbox_campaign

RECORDS, BATCHES = 200, 30

pytestmark = pytest.mark.faults


@pytest.fixture
def source() -> random.Random:
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    print(f"SEED={seed}")
    return random.Random(seed)


def test_every_event_that_was_recorded_outlives_a_power_cut_at_the_unit(tmp_path: Path, source: random.Random) -> None:
    tally = outbox_campaign(tmp_path, RECORDS, source)
    assert tally.cuts > 20
    assert tally.losses == 0


def test_every_event_that_was_acknowledged_outlives_a_power_cut_at_the_server(
    tmp_path: Path, source: random.Random
) -> None:
    tally = books_campaign(tmp_path, BATCHES, source)
    assert tally.cuts > 20
    assert tally.losses == 0


@pytest.mark.parametrize("campaign", [outbox_campaign, books_campaign])
def test_a_disk_that_is_not_told_to_sync_loses_some(campaign, tmp_path: Path, source: random.Random) -> None:
    assert campaign(tmp_path, BATCHES, source, full=False).losses > 0
