"""When an event happened, whatever the unit's clock says."""

from datetime import timedelta

import pytest

from device.contract.instant import Instant
from device.contract.messages import Started
from server.core.presence.event_time import Unbelievable, happened_at

ARRIVED = Instant.parse("2026-11-23T12:00:00.000Z")


def started(at: Instant, clock: str = "synced", age_ms: int | None = None) -> Started:
    return Started(at=at, clock=clock, age_ms=age_ms, version="0", cause="boot")  # type: ignore[arg-type]


@pytest.mark.parametrize("clock", ["synced", "holdover"])
@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=31), timedelta(days=400), -timedelta(minutes=5)])
def test_a_clock_that_was_set_is_believed(clock: str, late: timedelta) -> None:
    assert happened_at(started(ARRIVED - late, clock), ARRIVED) == ARRIVED - late


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00.000Z", "2026-11-23T11:00:00.000Z", "2199-12-31T23:59:59.999Z"])
def test_without_a_clock_only_the_age_counts(at: str) -> None:
    event = started(Instant.parse(at), "unset", 90_000)
    assert happened_at(event, ARRIVED) == ARRIVED - timedelta(seconds=90)


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        ("2026-11-23T12:05:00.001Z", "early"),
        ("2199-12-31T23:59:59.999Z", "early"),
        ("2025-10-19T11:59:59.999Z", "old"),
        ("1970-01-01T00:00:00.000Z", "old"),
    ],
)
def test_a_wild_date_is_not_believed(at: str, kind: str) -> None:
    judged = happened_at(started(Instant.parse(at)), ARRIVED)
    assert isinstance(judged, Unbelievable)
    assert judged.kind == kind


@pytest.mark.parametrize(("beyond_ms", "is_believed"), [(0, True), (1, False)])
@pytest.mark.parametrize("clock", ["synced", "holdover", "unset"])
def test_four_hundred_days_are_the_most_that_is_believed(clock: str, beyond_ms: int, is_believed: bool) -> None:
    age = timedelta(days=400, milliseconds=beyond_ms)
    at = Instant.of_epoch_ms(0) if clock == "unset" else ARRIVED - age
    age_ms = age // timedelta(milliseconds=1) if clock == "unset" else None
    judged = happened_at(started(at, clock, age_ms), ARRIVED)
    assert judged == ARRIVED - age if is_believed else isinstance(judged, Unbelievable)


def test_an_age_of_years_is_not_believed() -> None:
    judged = happened_at(started(ARRIVED, "unset", 100 * 366 * 86_400_000), ARRIVED)
    assert isinstance(judged, Unbelievable)
    assert judged.kind == "old"
