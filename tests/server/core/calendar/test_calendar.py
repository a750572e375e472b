"""When the place is open: weeks, holidays, closures, exceptional openings, and both daylight-saving changes."""

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from device.contract.instant import Instant
from device.contract.messages import Hours, Weekday
from server.core.calendar.calendar import Calendar, OpeningCalendars
from server.core.calendar.opening_hours import DateRange, HouseHours, Span, spans_of
from server.core.calendar.public_holidays import public_holidays

OFFICE = HouseHours()
NIGHT_AND_DAY = HouseHours(
    weekly=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), (Span(0, 1440),)), holidays=""
)
MONDAY, SATURDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)
CHRISTMAS = date(2026, 12, 25)
SPRING_FORWARD, FALL_BACK = date(2026, 3, 29), date(2026, 10, 25)


def at(text: str) -> Instant:
    return Instant.parse(text + ":00Z")


def hours_between(interval: tuple[Instant, Instant]) -> float:
    return (interval[1] - interval[0]).total_seconds() / 3600


def test_a_winter_monday_is_open_from_seven_to_seventeen_utc() -> None:
    assert Calendar(OFFICE).opening(MONDAY) == ((at("2026-11-23T07:00"), at("2026-11-23T17:00")),)


def test_a_summer_monday_is_open_from_six_to_sixteen_utc() -> None:
    assert Calendar(OFFICE).opening(date(2026, 7, 6)) == ((at("2026-07-06T06:00"), at("2026-07-06T16:00")),)


def test_the_half_days_meet_at_thirteen() -> None:
    assert Calendar(OFFICE).half_days(MONDAY) == (
        ((at("2026-11-23T07:00"), at("2026-11-23T12:00")),),
        ((at("2026-11-23T12:00"), at("2026-11-23T17:00")),),
    )


def test_half_days_are_told_in_milliseconds_too() -> None:
    morning, afternoon = Calendar(OFFICE).half_days_ms(MONDAY)
    opens, boundary, closes = (at(f"2026-11-23T{hour}").epoch_ms for hour in ("07:00", "12:00", "17:00"))
    assert (morning, afternoon) == ([(opens, boundary)], [(boundary, closes)])


def test_a_lunch_break_stays_out_of_both_half_days() -> None:
    weekly: dict[Weekday, tuple[Span, ...]] = {"mon": spans_of([("14:00", "18:00"), ("08:00", "12:00")])}
    morning, afternoon = Calendar(HouseHours(weekly=weekly)).half_days(MONDAY)
    assert [hours_between(part) for part in (*morning, *afternoon)] == [4, 4]
    assert Calendar(HouseHours(weekly=weekly)).closing(MONDAY) == at("2026-11-23T17:00")


def test_half_days_may_meet_at_half_past() -> None:
    calendar = Calendar(replace(OFFICE, half_day_boundary=time(12, 30)))
    assert calendar.half_days(MONDAY).afternoon == ((at("2026-11-23T11:30"), at("2026-11-23T17:00")),)


def test_the_place_is_open_from_eight_to_eighteen_from_monday_to_friday() -> None:
    week = [MONDAY + timedelta(days=ahead) for ahead in range(7)]
    assert [OFFICE.spans(day) for day in week] == [(Span(8 * 60, 18 * 60),)] * 5 + [()] * 2


def test_the_place_is_closed_at_the_weekend() -> None:
    calendar = Calendar(OFFICE)
    assert calendar.opening(SATURDAY) == ()
    assert calendar.closing(SATURDAY) is None
    assert calendar.half_days(SUNDAY) == ((), ())


@pytest.mark.parametrize(
    "holiday",
    ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"],
)
def test_the_place_is_closed_on_the_eleven_french_holidays(holiday: str) -> None:
    assert not Calendar(OFFICE).is_open_day(date.fromisoformat(f"2026-{holiday}"))


def test_alsaces_good_friday_is_open_in_saint_etienne() -> None:
    good_friday = date(2026, 4, 3)
    assert Calendar(OFFICE).is_open_day(good_friday)
    assert not Calendar(replace(OFFICE, holidays="FR-6AE")).is_open_day(good_friday)


def test_an_unknown_region_has_no_holidays_to_close_on() -> None:
    with pytest.raises(ValueError, match="'XX'"):
        public_holidays("XX", 2026)


def test_a_declared_closure_closes_its_first_and_last_day() -> None:
    calendar = Calendar(replace(OFFICE, closures=(DateRange(date(2026, 8, 3), date(2026, 8, 14)),)))
    open_days = [day for day in range(1, 20) if calendar.is_open_day(date(2026, 8, day))]
    assert open_days == [17, 18, 19]


def test_a_declared_opening_wins_over_holiday_closure_and_weekend() -> None:
    openings = {day: (Span(540, 720),) for day in (CHRISTMAS, SATURDAY, MONDAY)}
    calendar = Calendar(replace(OFFICE, openings=openings, closures=(DateRange(MONDAY, CHRISTMAS),)))
    assert [hours_between(calendar.opening(day)[0]) for day in openings] == [3, 3, 3]
    assert not calendar.is_open_day(date(2026, 11, 24))


def test_an_opening_of_no_span_closes_a_day() -> None:
    assert not Calendar(replace(OFFICE, openings={MONDAY: ()})).is_open_day(MONDAY)


def test_the_twenty_ninth_of_february_is_a_day_like_others() -> None:
    calendar = Calendar(OFFICE)
    assert calendar.is_open_day(date(2028, 2, 29))
    assert calendar.open_days(date(2028, 2, 1), date(2028, 2, 29)) == 21


def test_open_days_of_november_leave_out_weekends_and_armistice() -> None:
    assert Calendar(OFFICE).open_days(date(2026, 11, 1), date(2026, 11, 30)) == 20
    assert Calendar(OFFICE).open_days(date(2026, 11, 30), date(2026, 11, 1)) == 0


@pytest.mark.parametrize(("day", "hours"), [(SPRING_FORWARD, 23), (FALL_BACK, 25), (MONDAY, 24)])
def test_a_date_lasts_as_long_as_daylight_saving_says(day: date, hours: int) -> None:
    calendar = Calendar(NIGHT_AND_DAY)
    assert hours_between(calendar.day_bounds(day)) == hours
    assert sum(hours_between(part) for half in calendar.half_days(day) for part in half) == hours


def test_one_day_ends_where_the_next_begins_where_midnight_itself_is_skipped_or_repeated() -> None:
    for zone, day in (("Asia/Beirut", date(2026, 3, 29)), ("Atlantic/Azores", date(2026, 10, 25))):
        calendar = Calendar(replace(NIGHT_AND_DAY, timezone=ZoneInfo(zone)))
        before = calendar.day_bounds(date.fromordinal(day.toordinal() - 1))
        assert before[1] == calendar.day_bounds(day)[0]
        assert calendar.local_date(before[1]) == day
        assert calendar.local_date(Instant.of(before[1] - Instant.resolution)) == date.fromordinal(day.toordinal() - 1)


def test_a_closing_time_that_occurs_twice_is_the_second() -> None:
    calendar = Calendar(replace(OFFICE, openings={FALL_BACK: (Span(60, 150), Span(165, 240))}))
    (first, second) = calendar.opening(FALL_BACK)
    assert first == (at("2026-10-24T23:00"), at("2026-10-25T01:30"))
    assert second == (at("2026-10-25T01:30"), at("2026-10-25T03:00"))


def test_a_skipped_opening_time_is_read_with_the_offset_before() -> None:
    calendar = Calendar(replace(OFFICE, openings={SPRING_FORWARD: (Span(150, 240),)}))
    assert calendar.opening(SPRING_FORWARD) == ((at("2026-03-29T01:30"), at("2026-03-29T02:00")),)


def test_a_skipped_closing_time_is_read_with_the_offset_before_too() -> None:
    calendar = Calendar(replace(OFFICE, openings={SPRING_FORWARD: (Span(60, 150),)}))
    assert calendar.opening(SPRING_FORWARD) == ((at("2026-03-29T00:00"), at("2026-03-29T01:30")),)


def test_a_span_that_daylight_saving_swallows_is_left_out() -> None:
    for swallowed in (Span(150, 190), Span(120, 180)):
        assert Calendar(replace(OFFICE, openings={SPRING_FORWARD: (swallowed,)})).opening(SPRING_FORWARD) == ()


def test_a_date_begins_at_local_midnight() -> None:
    calendar = Calendar(OFFICE)
    assert calendar.local_date(at("2026-11-22T22:59")) == date(2026, 11, 22)
    assert calendar.local_date(at("2026-11-22T23:00")) == MONDAY


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-11-23T06:59", Hours(open=False, until=None, opens_at=at("2026-11-23T07:00"))),
        ("2026-11-23T07:00", Hours(open=True, until=at("2026-11-23T17:00"), opens_at=None)),
        ("2026-11-23T17:00", Hours(open=False, until=None, opens_at=at("2026-11-24T07:00"))),
        ("2026-12-24T18:00", Hours(open=False, until=None, opens_at=at("2026-12-28T07:00"))),
    ],
)
def test_the_hours_tell_the_next_change(now: str, state: Hours) -> None:
    assert Calendar(OFFICE).state_at(at(now)) == state


def test_a_place_that_never_closes_tells_no_change() -> None:
    assert Calendar(NIGHT_AND_DAY).state_at(at("2026-11-23T12:00")) == Hours(open=True, until=None, opens_at=None)


def test_a_place_that_never_opens_tells_no_change() -> None:
    shut = Calendar(HouseHours(weekly={}))
    assert shut.state_at(at("2026-11-23T12:00")) == Hours(open=False, until=None, opens_at=None)


@pytest.mark.parametrize(("ahead", "is_found"), [(1, True), (369, True), (370, False)])
def test_the_next_opening_is_looked_for_a_year_ahead(ahead: int, is_found: bool) -> None:
    day = MONDAY + timedelta(days=ahead)
    calendar = Calendar(HouseHours(weekly={}, openings={MONDAY: (Span(480, 1080),), day: (Span(480, 1080),)}))
    opens_at = calendar.opening(day)[0][0] if is_found else None
    assert calendar.state_at(at("2026-11-23T12:00")) == Hours(open=True, until=at("2026-11-23T17:00"), opens_at=None)
    assert calendar.state_at(at("2026-11-23T17:00")) == Hours(open=False, until=None, opens_at=opens_at)


@pytest.mark.parametrize(("closes_in", "is_told"), [(1, True), (369, True), (370, False)])
def test_a_place_that_never_closed_tells_its_first_closing_a_year_ahead(closes_in: int, is_told: bool) -> None:
    closed = MONDAY + timedelta(days=closes_in)
    calendar = Calendar(replace(NIGHT_AND_DAY, closures=(DateRange(closed, closed + timedelta(days=99)),)))
    until = calendar.day_bounds(closed)[0] if is_told else None
    assert calendar.state_at(at("2026-11-23T12:00")) == Hours(open=True, until=until, opens_at=None)


def test_an_evening_that_goes_on_past_midnight_is_one_opening() -> None:
    evening = Calendar(
        HouseHours(weekly={"fri": spans_of([("20:00", "24:00")]), "sat": spans_of([("00:00", "02:00")])})
    )
    assert evening.state_at(at("2026-11-27T21:00")).until == at("2026-11-28T01:00")


def test_the_schedule_for_doors_has_the_week_and_the_dates_that_depart_from_it() -> None:
    calendar = Calendar(replace(OFFICE, openings={date(2026, 12, 5): (Span(540, 720),)}))
    schedule = calendar.schedule(date(2026, 12, 1), 31)
    assert schedule.weekly["mon"] == [("08:00", "18:00")]
    assert schedule.weekly["sun"] == []
    assert schedule.dates == {"2026-12-05": [("09:00", "12:00")], "2026-12-25": []}


def test_a_span_may_end_at_midnight_and_not_before_it_starts() -> None:
    assert Span.parse("20:00", "24:00").texts() == ("20:00", "24:00")
    assert Span.parse("08:30", "12:45") == Span(510, 765)
    for start, end in (("18:00", "08:00"), ("08:00", "08:00"), ("24:30", "25:00"), ("8:00", "18:00")):
        with pytest.raises(ValueError):
            Span.parse(start, end)


def test_spans_that_touch_or_overlap_are_one() -> None:
    assert spans_of([("12:00", "13:00"), ("08:00", "12:00"), ("12:30", "14:00")]) == (Span(480, 840),)


def test_past_dates_keep_the_hours_that_were_in_force() -> None:
    shorter = replace(OFFICE, weekly={"mon": (Span(540, 1020),)}, half_day_boundary=time(12, 0))
    calendars = OpeningCalendars([(date(2026, 11, 1), Calendar(shorter)), (date(2025, 1, 1), Calendar(OFFICE))])
    assert calendars.on(date(2026, 10, 26)).opening(date(2026, 10, 26))[0][0] == at("2026-10-26T07:00")
    assert calendars.half_days(MONDAY).afternoon == ((at("2026-11-23T11:00"), at("2026-11-23T16:00")),)
    assert calendars.on(date(2020, 1, 1)).hours == calendars.on(date(2026, 10, 31)).hours == OFFICE
    assert calendars.on(date(2026, 11, 1)).hours == shorter
    assert OpeningCalendars.always(Calendar(shorter)).on(date.min).hours == shorter
    assert calendars.open_days(date(2026, 10, 26), date(2026, 11, 9)) == 5 + 2


def test_the_date_on_the_wall_follows_the_time_zone_in_force() -> None:
    tokyo = replace(OFFICE, timezone=ZoneInfo("Asia/Tokyo"))
    calendars = OpeningCalendars([(date.min, Calendar(OFFICE)), (date(2026, 6, 1), Calendar(tokyo))])
    assert calendars.local_date(at("2026-05-20T16:00")) == date(2026, 5, 20)
    assert calendars.local_date(at("2026-06-20T16:00")) == date(2026, 6, 21)
    assert calendars.local_date(at("2026-05-31T16:00")) == date(2026, 6, 1)


def test_hours_that_never_were_are_refused() -> None:
    with pytest.raises(ValueError):
        OpeningCalendars([])
