from datetime import timedelta

import pytest

from device.contract.instant import Instant
from device.core.clock import ClockWatch, Reading

NOON = Instant.parse("2026-11-23T11:00:00.000Z")
FLOOR = Instant.parse("2026-11-01T00:00:00.000Z")


def words(*looks):
    """The word for each look of (seconds of wall clock after noon, monotonic seconds, confirmed, kept)."""
    watch, told = ClockWatch(FLOOR), []
    for wall_s, monotonic_s, confirmed, kept in looks:
        watch, word = watch.look(Reading(NOON + timedelta(seconds=wall_s), monotonic_s, confirmed, kept))
        told.append(word)
    return told


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([(0, 0, True, True)], ["synced"]),
        ([(0, 0, False, True)], ["holdover"]),
        ([(0, 0, False, False)], ["unset"]),
        ([(0, 0, True, True), (3600, 3600, False, True)], ["synced", "holdover"]),
        ([(0, 0, True, True), (3600 + 59, 3600, False, True)], ["synced", "holdover"]),
        ([(0, 0, True, True), (90_000_000, 5, False, True)], ["synced", "unset"]),
        ([(0, 0, True, True), (-90, 5, False, True)], ["synced", "unset"]),
        ([(0, 0, False, True), (90_000, 5, False, True), (10, 10, False, True)], ["holdover", "unset", "holdover"]),
        ([(0, 0, False, True), (90_000, 5, False, True), (90_005, 10, True, True)], ["holdover", "unset", "synced"]),
        ([(90_000_000, 0, True, True), (0, 10, True, True)], ["synced", "synced"]),
        ([(-86_400 * 365 * 30, 0, False, True)], ["unset"]),
        ([(0, 0, True, True), (86_400 * 30 + 200, 86_400 * 30, False, True)], ["synced", "holdover"]),
    ],
    ids=[
        "the network confirms it",
        "kept by an RTC",
        "neither",
        "confirmed, then alone",
        "a little off",
        "jumps into the future",
        "jumps back",
        "jumps and comes back",
        "jumps and is confirmed there",
        "the network sets it right",
        "before this program was written",
        "a month's drift",
    ],
)
def test_what_the_clock_is_worth(looks, expected):
    assert words(*looks) == expected
