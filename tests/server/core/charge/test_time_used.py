"""The time of a date that counts, the half-days it makes used, and when somebody who stays is charged more."""

from datetime import date, time, timedelta
from random import Random

import pytest

from device.contract.instant import Instant
from server.core.calendar.calendar import Calendar
from server.core.calendar.opening_hours import HouseHours, Span
from server.core.charge.time_used import NOTHING_USED, TimeUsed, counted_ms, next_change, time_used
from server.core.presence.presence import Stay
from tests.server.core.charge.member_days import CALENDAR, MONDAY, TARIFF, local, stay
from tests.server.core.charge.random_months import facts_of, moment, on, random_month

ONE_MS = timedelta(milliseconds=1)


def used(*stays: str, seen: tuple[str, ...] = (), now: str = "23:00", calendar: Calendar = CALENDAR) -> TimeUsed:
    moments = [local(clock) for clock in seen]
    return time_used([stay(text) for text in stays], moments, MONDAY, calendar, TARIFF, local(now))


def minutes(time: TimeUsed) -> tuple[float, float]:
    return time.morning_ms / 60_000, time.afternoon_ms / 60_000


def test_presences_that_overlap_or_repeat_count_once() -> None:
    assert minutes(used("9:00-10:00", "9:30-11:00", "9:00-10:00", "10:59-11:30")) == (150, 0)


def test_time_outside_opening_hours_does_not_count() -> None:
    assert minutes(used("6:30-8:30", "17:50-19:00")) == (30, 10)
    assert used("18:00-23:00") == used() == NOTHING_USED == TimeUsed(0, 0, ())


def test_a_day_on_which_the_place_is_closed_costs_nothing() -> None:
    sunday = date(2026, 11, 29)
    assert time_used([stay("9:00-17:00", sunday)], (), sunday, CALENDAR, TARIFF, local("23:00", sunday)).used == ()


def test_a_lunch_break_of_the_place_does_not_count() -> None:
    calendar = Calendar(HouseHours(weekly={"mon": (Span(480, 720), Span(840, 1080))}))
    assert minutes(used("9:00-17:00", calendar=calendar)) == (180, 180)


@pytest.mark.parametrize(
    ("stays", "half_days"),
    [
        (("9:00-9:10",), ()),
        (("9:00-9:05", "14:00-14:05"), ()),
        (("9:00-9:10:01",), ("morning",)),
        (("9:00-9:06", "14:00-14:06"), ("morning",)),
        (("9:00-9:05", "14:00-14:06"), ("afternoon",)),
        (("9:00-9:10", "14:00-14:10"), ("morning",)),
        (("9:00-9:09", "14:00-14:10"), ("afternoon",)),
        (("9:00-9:10", "14:00-14:10:01"), ("afternoon",)),
        (("9:00-13:10",), ("morning",)),
        (("9:00-13:10:01",), ("morning", "afternoon")),
        (("12:50-13:20",), ("afternoon",)),
        (("8:00-18:00",), ("morning", "afternoon")),
    ],
)
def test_which_half_days_are_used(stays: tuple[str, ...], half_days: tuple[str, ...]) -> None:
    assert used(*stays).used == half_days


def test_begun_hours_count_in_used_half_days_only() -> None:
    time = used("12:50-13:20")
    assert (time.morning_hours, time.afternoon_hours) == (0, 1)
    time = used("9:00-11:00", "11:30-11:30:01", "14:00-18:00")
    assert (time.morning_hours, time.afternoon_hours) == (3, 4)
    time = used("9:00-10:00:59", "14:00-14:01:30")
    assert (time.morning_hours, time.afternoon_hours, time.minutes) == (2, 0, 62)


def test_who_has_just_come_in_is_charged_as_if_just_past_the_free_minutes() -> None:
    time = used("9:00-", now="9:00")
    assert time == TimeUsed(600_001, 0, ("morning",), present=True)
    assert used("9:00-", now="9:30").morning_ms == 30 * 60_000
    assert used("9:00-", now="9:10") == TimeUsed(600_001, 0, ("morning",), present=True)


def test_the_free_minutes_run_over_a_second_visit() -> None:
    assert used("9:00-9:08", "14:00-", now="14:00").afternoon_ms == 2 * 60_000 + 1


def test_who_came_before_the_opening_uses_its_first_minutes() -> None:
    assert used("7:30-", now="7:30") == TimeUsed(600_001, 0, ("morning",), present=True)


def test_who_came_just_before_the_boundary_uses_the_half_day_in_which_the_free_minutes_end() -> None:
    assert used("12:52-", now="12:52").used == ("morning",)
    assert used("12:58-", now="12:58").used == ("afternoon",)


def test_who_came_just_before_closing_cannot_pass_the_free_minutes() -> None:
    assert used("17:52-", now="17:52") == TimeUsed(0, 8 * 60_000, (), present=True)
    assert used("18:10-", now="18:10") == TimeUsed(0, 0, (), present=True)


def test_an_entry_a_little_ahead_of_the_servers_clock_counts_from_itself() -> None:
    assert used("9:03-", now="9:00").used == ("morning",)


@pytest.mark.parametrize(
    ("stays", "seen", "counted"),
    [
        (("9:00-auto",), (), (240, 0)),
        (("9:00-auto",), ("12:59",), (240, 0)),
        (("9:00-auto",), ("13:00",), (240, 300)),
        (("14:00-auto",), (), (0, 240)),
        (("7:00-auto",), ("7:30",), (300, 0)),
        (("9:00-10:00", "11:00-auto"), ("9:00", "10:00"), (180, 0)),
        (("9:00-auto",), ("18:00",), (240, 300)),
        (("9:00-auto",), ("18:40",), (240, 0)),
        (("0:00-auto",), (), (0, 0)),  # gone on from the day before, and not seen since
        (("0:00-auto",), ("18:40",), (0, 0)),
        (("0:00-auto",), ("0:00",), (300, 0)),
        (("0:00-auto",), ("9:00",), (300, 0)),
        (("0:00-auto",), ("18:00",), (300, 300)),
        (("0:01-auto",), (), (300, 0)),
    ],
)
def test_who_forgot_to_badge_out_is_charged_to_the_end_of_the_half_day_they_were_last_seen_in(
    stays: tuple[str, ...], seen: tuple[str, ...], counted: tuple[int, int]
) -> None:
    time = used(*stays, seen=seen)
    assert minutes(time) == counted
    assert time.automatic


def test_the_hours_that_daylight_saving_repeats_or_skips_are_counted_as_they_pass() -> None:
    always = Calendar(HouseHours(weekly={"sun": (Span(0, 1440),)}, half_day_boundary=time(12, 0)))
    for day, hours in ((date(2026, 3, 29), 3), (date(2026, 10, 25), 5)):
        stays = [Stay(local("0:30", day), local("4:30", day), False)]
        assert time_used(stays, (), day, always, TARIFF, local("23:00", day)).morning_ms == hours * 3_600_000


def changes(*stays: str, now: str, calendar: Calendar = CALENDAR) -> list[str]:
    """Every moment from `now` to closing at which somebody who stays might be charged more, a millisecond past."""
    moments: list[str] = []
    at: Instant | None = local(now)
    while at is not None and (at := next_change([stay(text) for text in stays], (), MONDAY, calendar, TARIFF, at)):
        moments.append(f"{at - ONE_MS:%H:%M}")
    return moments


def test_the_charge_may_change_at_each_begun_hour_and_at_the_grace_of_the_second_half_day() -> None:
    # In UTC, an hour behind the wall clock: 9:10, the begun hours of the morning, 13:10, and those of the afternoon.
    assert changes("9:00-", now="9:05")[:6] == ["08:10", "09:00", "10:00", "11:00", "12:10", "13:00"]


@pytest.mark.parametrize(("now", "first"), [("10:00", "09:00"), ("13:10", "12:10"), ("10:01", "10:00")])
def test_what_is_reached_at_this_moment_changes_in_the_next(now: str, first: str) -> None:
    assert changes("9:00-", now=now)[0] == first


def test_a_break_of_the_place_puts_off_the_next_change() -> None:
    calendar = Calendar(HouseHours(weekly={"mon": (Span(480, 600), Span(630, 1080))}))
    assert changes("9:00-", now="9:05", calendar=calendar)[:5] == ["08:10", "09:30", "10:30", "11:30", "12:10"]


@pytest.mark.parametrize("now", ["12:52", "13:00", "13:05"])
def test_the_charge_may_change_once_more_of_the_afternoon_is_used_than_of_the_morning(now: str) -> None:
    assert changes("12:52-", now=now)[:3] == ["12:08", "12:10", "13:00"]


@pytest.mark.parametrize(
    ("earlier", "later", "now"),
    [
        (("8:10-8:35",), "9:00-", "9:10"),
        (("8:10-8:16",), "9:00-", "9:01"),
        (("12:57-13:02",), "13:30-", "13:31"),
        (("8:10-8:35", "12:50-13:05"), "14:00-", "14:20"),
        (("12:50-12:56", "13:10-13:13"), "14:00-", "14:01"),
    ],
)
def test_what_was_counted_once_need_not_be_counted_again(earlier: tuple[str, ...], later: str, now: str) -> None:
    before, lasting = [stay(text) for text in earlier], [stay(later)]
    counted = counted_ms(before, MONDAY, CALENDAR)
    rest = (), MONDAY, CALENDAR, TARIFF, local(now)
    assert time_used(lasting, *rest, counted=counted) == time_used([*before, *lasting], *rest)
    assert next_change(lasting, *rest, counted=counted) == next_change([*before, *lasting], *rest)
    assert counted_ms([*before, *lasting], MONDAY, CALENDAR) == counted


def test_nothing_changes_for_who_has_left() -> None:
    assert changes("9:00-12:00", now="12:30") == []


def test_nothing_changes_after_closing() -> None:
    assert changes("9:00-", now="18:00") == []


@pytest.mark.parametrize("seed", range(60))
def test_the_charge_stays_as_it_is_until_the_next_change(seed: int) -> None:
    month = random_month(Random(seed))
    known = facts_of(month).days.get(on(month.today))
    if known is None or all(stay.ended_at is not None for stay in known.stays):
        return
    now: Instant | None = moment(month.today, month.now_minute)
    while now is not None:
        until = next_change(known.stays, known.seen, on(month.today), CALENDAR, TARIFF, now)
        last = (until or moment(month.today, 1440)) - ONE_MS
        first_key, last_key = (
            time_used(known.stays, known.seen, on(month.today), CALENDAR, TARIFF, at) for at in (now, last)
        )
        assert (first_key.used, first_key.morning_hours, first_key.afternoon_hours) == (
            last_key.used,
            last_key.morning_hours,
            last_key.afternoon_hours,
        )
        now = until
