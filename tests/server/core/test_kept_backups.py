"""Which backups are kept: 7 daily, 4 weekly, 12 monthly, whatever nights were missed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.kept_backups import PERIODS, to_keep

FRIDAY = datetime(2026, 11, 27, 2, 30, tzinfo=UTC)
NIGHTS = st.lists(st.integers(0, 800), unique=True, min_size=1, max_size=120).map(sorted)
"""On which of so many nights a backup was made."""


def nights(*days_ago: int) -> list[datetime]:
    return [FRIDAY - timedelta(days=ago) for ago in days_ago]


def night(number: int) -> datetime:
    return FRIDAY + timedelta(days=number)


def dates(kept: set[datetime]) -> list[str]:
    return [f"{at:%m-%d}" for at in sorted(kept)]


TABLE = [
    ("a first one", nights(0), ["11-27"]),
    ("a week of them", nights(*range(7)), ["11-21", "11-22", "11-23", "11-24", "11-25", "11-26", "11-27"]),
    (
        "Sundays and ends of months of the nights before",
        nights(*range(60)),
        ["09-30", "10-31", "11-08", "11-15", "11-21", "11-22", "11-23", "11-24", "11-25", "11-26", "11-27"],
    ),
    ("a place that was away for a year", nights(0, 400, 401), ["10-22", "10-23", "11-27"]),
]


@pytest.mark.parametrize(("made", "kept"), [case[1:] for case in TABLE], ids=[case[0] for case in TABLE])
def test_what_is_kept_of_what_was_made(made: list[datetime], kept: list[str]) -> None:
    assert dates(to_keep(made)) == kept


def test_of_two_of_one_night_the_newer_is_kept() -> None:
    earlier = FRIDAY - timedelta(days=12)
    assert to_keep([earlier, earlier - timedelta(hours=1), FRIDAY]) == {earlier, FRIDAY}


def test_after_years_of_nights_there_are_as_many_as_the_table_of_periods_says_at_most() -> None:
    kept = to_keep(nights(*range(1500)))
    for period in PERIODS:
        assert len({period.of(at) for at in kept}) >= period.number
    assert len(kept) <= sum(period.number for period in PERIODS)
    assert min(kept) == datetime(2025, 12, 31, 2, 30, tzinfo=UTC)


@given(NIGHTS)
def test_the_newest_is_always_kept_and_no_more_than_the_periods_have(made: list[int]) -> None:
    kept = to_keep(map(night, made))
    assert night(made[-1]) in kept
    assert len(kept) <= sum(period.number for period in PERIODS)


@given(NIGHTS)
def test_thinned_out_every_night_is_as_thinned_out_once(made: list[int]) -> None:
    left: set[datetime] = set()
    for number in made:
        left = to_keep({*left, night(number)})
    assert left == to_keep(map(night, made))
