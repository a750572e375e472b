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
        watch, word = watch.look(Reading(NOON.after(wall_s), monotonic_s, confirmed, kept))
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
        ([(0, 0, True, True), (86_400 * 30 + 400, 86_400 * 30, False, True)], ["synced", "unset"]),
        ([(0, 0, True, True), (60, 0, False, True), (60.001, 0, False, True)], ["synced", "holdover", "unset"]),
        ([(0, 0, True, True), (0, 60, False, True), (0, 60.1, False, True)], ["synced", "holdover", "unset"]),
        ([(-86_400 * 365 * 40, 0, True, True)], ["unset"]),
        ([(-86_400 * 365 * 40, 0, True, True), (0, 5, False, True)], ["unset", "holdover"]),
        ([(86_400 * 365 * 40, 0, True, True)], ["synced"]),
        ([(10**10, 0, True, True)], ["unset"]),
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
        "more than a month's drift",
        "a minute off, and a little more",
        "stands still for a minute, and a little more",
        "confirmed in 1986",
        "confirmed in 1986, then right",
        "confirmed in 2066",
        "past what can be told",
    ],
)
def test_what_the_clock_is_worth(looks, expected):
    assert words(*looks) == expected


@pytest.mark.parametrize(("confirmed", "kept"), [(True, True), (False, True)])
@pytest.mark.parametrize(("after_s", "is_believed"), [(-301, False), (-300, True), (0, True), (3600, True)])
def test_a_clock_that_is_earlier_than_the_list_in_hand_is_not_believed(confirmed, kept, after_s, is_believed):
    made_at = NOON + timedelta(days=3)
    _, word = ClockWatch(FLOOR).look(Reading(made_at.after(after_s), 0, confirmed, kept), made_at)
    assert (word != "unset") == is_believed


@pytest.mark.parametrize(("off_s", "word"), [(0, "holdover"), (59, "holdover"), (61, "unset"), (-61, "unset")])
def test_a_jump_counts_from_when_the_clock_was_last_confirmed_not_from_the_start(off_s, word):
    watch, _ = ClockWatch(FLOOR).look(Reading(NOON, 5000, True, True))
    assert watch.look(Reading(NOON.after(100 + off_s), 5100, False, True))[1] == word


def test_a_list_with_a_wrong_date_is_gone_by_with_the_list():
    watch, word = ClockWatch(FLOOR).look(Reading(NOON, 0, True, True), NOON + timedelta(days=20_000))
    assert word == "unset"
    assert watch.look(Reading(NOON, 0, True, True), NOON)[1] == "synced"


def test_nothing_is_reckoned_from_a_clock_that_was_never_believed():
    watch, _ = ClockWatch(FLOOR).look(Reading(NOON, 0, False, False))
    assert watch.reckoned(10) is None


def test_the_time_is_counted_on_from_when_the_clock_was_last_believed():
    watch, _ = ClockWatch(FLOOR).look(Reading(NOON, 100, True, True))
    watch, _ = watch.look(Reading(NOON + timedelta(days=9), 110, False, True))
    assert watch.reckoned(160) == NOON.after(60)


def test_the_time_is_counted_on_from_the_servers_last_word():
    watch = ClockWatch(FLOOR).hear(NOON.after(30), 90).hear(NOON, 100)
    assert watch.reckoned(160) == NOON.after(60)


@pytest.mark.parametrize("told_s", [-500, 500])
def test_of_the_two_the_later_counts(told_s):
    watch, _ = ClockWatch(FLOOR).look(Reading(NOON, 100, True, True))
    assert watch.hear(NOON.after(told_s), 100).reckoned(100) == NOON.after(max(0, told_s))
