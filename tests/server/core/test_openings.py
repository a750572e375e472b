"""An opening that goes on past midnight: who is in stays in, and each date has its own part."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.instant import Instant
from device.contract.messages import WEEKDAYS
from server.core.calendar.calendar import Calendar
from server.core.calendar.opening_hours import HouseHours, spans_of
from server.core.charge.tariff import Tariff
from server.core.charge.time_used import time_used
from server.core.house_rules import HouseRules, InForce
from server.core.openings import presences
from server.core.presence.presence import Presence, Stay, Step, presence
from tests.examples import examples

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 2)
FRIDAY, SATURDAY = date(2026, 11, 6), date(2026, 11, 7)
DAY_MIN = 24 * 60
DAYS = 9
"""From a Monday on; the steps happen on the first seven."""
NIGHT = {"fri": [("18:00", "24:00")], "sat": [("00:00", "02:00")]}
WEEK = {"fri": [("18:00", "24:00")], "sat": [("00:00", "24:00")], "sun": [("00:00", "02:00")]}


def house_of(weekly: dict[str, list[tuple[str, str]]]) -> HouseRules:
    hours = HouseHours(weekly={day: spans_of(weekly.get(day, [])) for day in WEEKDAYS}, holidays="")
    return HouseRules([InForce(date.min, Calendar(hours), timedelta(minutes=30))])


def at(day: date, clock: str) -> Instant:
    hour, minute = map(int, clock.split(":"))
    return Instant.of(datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS))


def steps(*told: tuple[date, str]) -> list[Step]:
    """`+22:00` is an entry, `-01:00` an exit."""
    return [
        Step(at(day, text[1:]), "front", "0a", nth, "entry" if text[0] == "+" else "exit")
        for nth, (day, text) in enumerate(told, 1)
    ]


def minutes_of(found: dict[date, Presence], day: date, house: HouseRules, told: list[Step]) -> int:
    seen = [step.at for step in told if house.day_of(step.at) == day]
    return time_used(
        found[day].stays, seen, day, house.calendars.on(day), Tariff(), at(SATURDAY + timedelta(days=3), "12:00")
    ).minutes


def test_who_is_in_at_midnight_stays_in_while_the_place_is_open() -> None:
    house, told = house_of(NIGHT), steps((FRIDAY, "+22:00"))
    found = presences(told, house, at(SATURDAY, "00:30"))
    assert found[FRIDAY].stays == (Stay(at(FRIDAY, "22:00"), at(SATURDAY, "00:00"), False),)
    assert found[SATURDAY].stays == (Stay(at(SATURDAY, "00:00"), None, False),)
    assert presences(told, house, at(SATURDAY, "00:00")) == found


def test_each_date_is_charged_for_its_own_part_of_a_night() -> None:
    house, told = house_of(NIGHT), steps((FRIDAY, "+22:00"), (SATURDAY, "-01:00"))
    found = presences(told, house, at(SATURDAY, "03:00"))
    assert [minutes_of(found, day, house, told) for day in (FRIDAY, SATURDAY)] == [120, 60]
    assert not any(stay.automatic for day in found for stay in found[day].stays)
    assert not any(found[day].remarks for day in found)


def test_who_forgets_to_badge_out_of_a_night_pays_for_the_date_they_were_last_seen_on() -> None:
    house, told = house_of(NIGHT), steps((FRIDAY, "+22:00"))
    assert house.end_of(at(FRIDAY, "22:00")) == (at(SATURDAY, "02:00"), at(SATURDAY, "02:30"))
    found = presences(told, house, at(SATURDAY, "02:30"))
    assert found[FRIDAY].stays == (Stay(at(FRIDAY, "22:00"), at(SATURDAY, "00:00"), True),)
    assert found[SATURDAY].stays == (Stay(at(SATURDAY, "00:00"), at(SATURDAY, "02:00"), True),)
    assert [minutes_of(found, day, house, told) for day in (FRIDAY, SATURDAY)] == [120, 0]


def test_who_taps_again_after_midnight_was_in_at_midnight_and_pays_for_both_dates() -> None:
    house, told = house_of(NIGHT), steps((FRIDAY, "+22:00"), (SATURDAY, "+00:30"))
    found = presences(told, house, at(SATURDAY, "03:00"))
    assert [stay.automatic for day in (FRIDAY, SATURDAY) for stay in found[day].stays] == [False, True]
    assert [minutes_of(found, day, house, told) for day in (FRIDAY, SATURDAY)] == [120, 120]


def test_who_comes_at_midnight_sharp_was_seen_on_that_date() -> None:
    house, told = house_of(NIGHT), steps((SATURDAY, "+00:00"))
    found = presences(told, house, at(SATURDAY, "03:00"))
    assert minutes_of(found, SATURDAY, house, told) == 120


def test_the_night_closes_though_the_place_opens_again_on_that_date() -> None:
    house = house_of({**NIGHT, "sat": [("00:00", "02:00"), ("10:00", "18:00")]})
    assert house.end_of(at(FRIDAY, "22:00"))[0] == house.end_of(at(SATURDAY, "00:30"))[0] == at(SATURDAY, "02:00")
    for clock in ("02:00", "10:00"):
        assert house.end_of(at(SATURDAY, clock))[0] == at(SATURDAY, "18:00")


def test_nobody_is_checked_out_of_a_night_later_than_on_its_date() -> None:
    house = house_of({**NIGHT, "sat": [("00:00", "23:40"), ("23:50", "23:55")]})
    assert house.end_of(at(FRIDAY, "22:00")) == (at(SATURDAY, "23:40"), at(SATURDAY + timedelta(days=1), "00:00"))


def test_a_weekend_in_one_go_is_one_stay() -> None:
    sunday = SATURDAY + timedelta(days=1)
    house, told = house_of(WEEK), steps((FRIDAY, "+22:00"), (sunday, "-01:00"))
    found = presences(told, house, at(sunday, "03:00"))
    assert [minutes_of(found, day, house, told) for day in (FRIDAY, SATURDAY, sunday)] == [120, 1440, 60]


def test_where_a_place_never_closes_nobody_is_believed_in_for_ever() -> None:
    house = house_of({day: [("00:00", "24:00")] for day in WEEKDAYS})
    sunday = SATURDAY + timedelta(days=1)
    assert house.end_of(at(FRIDAY, "22:00")) == (at(sunday + timedelta(days=1), "00:00"),) * 2
    told = steps((FRIDAY, "+22:00"))
    found = presences(told, house, at(sunday + timedelta(days=1), "00:00"))
    assert [minutes_of(found, day, house, told) for day in (FRIDAY, SATURDAY, sunday)] == [120, 0, 0]


@pytest.mark.parametrize("closed", [{"fri": [("18:00", "23:59")]}, {"sat": [("00:01", "02:00")]}])
def test_a_minute_closed_at_midnight_is_a_closing(closed: dict[str, list[tuple[str, str]]]) -> None:
    house = house_of(NIGHT | closed)
    assert house.is_apart(FRIDAY)
    assert house.end_of(at(FRIDAY, "22:00"))[0] <= at(SATURDAY, "00:00")


ALWAYS = {day: [("00:00", "24:00")] for day in WEEKDAYS}


@pytest.mark.parametrize(
    ("weekly", "day", "reach", "before", "after"),
    [
        (WEEK, FRIDAY, 0, 0, 0),
        (WEEK, FRIDAY, 1, 0, 1),
        (WEEK, FRIDAY, 5, 0, 2),
        (WEEK, SATURDAY, 5, 1, 1),
        (WEEK, SATURDAY + timedelta(days=1), 1, 1, 0),
        (WEEK, SATURDAY + timedelta(days=1), 5, 2, 0),
        (WEEK, MONDAY, 5, 0, 0),
        (ALWAYS, FRIDAY, 2, 2, 2),
        (ALWAYS, FRIDAY, 3, 3, 3),
    ],
)
def test_dates_are_joined_by_an_opening_as_far_as_they_are_looked_for(
    weekly: dict[str, list[tuple[str, str]]], day: date, reach: int, before: int, after: int
) -> None:
    house = house_of(weekly)
    assert house.linked(day, reach) == [day + timedelta(days=nth) for nth in range(-before, after + 1)]
    if reach:
        assert house.is_apart(day) == (not before and not after)


clocks = st.integers(0, 24).map(lambda hour: f"{hour:02d}:00")
spans = st.tuples(clocks, clocks).filter(lambda span: span[0] < span[1])
nights = st.sampled_from([[("00:00", "02:00")], [("20:00", "24:00")], [("00:00", "03:00"), ("18:00", "24:00")]])
days = st.one_of(st.lists(spans, max_size=3), nights, st.just([("00:00", "24:00")]))
weeks = st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, days))
walks = st.lists(st.tuples(st.integers(0, 7 * DAY_MIN - 1), st.sampled_from(["entry", "exit"])), max_size=12)


@examples(300)
@given(weeks, walks, st.integers(0, DAYS * DAY_MIN))
def test_any_week_is_lived_through_as_a_naive_model_does(
    weekly: dict[str, list[tuple[str, str]]], walk: list[tuple[int, str]], now_min: int
) -> None:
    walk = sorted(dict(walk).items())
    told = [Step(moment(minute), "front", "0a", minute + 1, side) for minute, side in walk]  # type: ignore[arg-type]
    now_min = max([now_min, *(minute for minute, _ in walk)])
    house = house_of(weekly)
    found = presences(told, house, moment(now_min))
    assert {day: [*made.stays] for day, made in found.items() if made.stays} == naive(weekly, walk, now_min)


@examples(100)
@given(weeks, walks, st.integers(0, DAYS * DAY_MIN))
def test_dates_that_nothing_joins_are_each_reckoned_alone(
    weekly: dict[str, list[tuple[str, str]]], walk: list[tuple[int, str]], now_min: int
) -> None:
    told = [Step(moment(minute), "front", "0a", nth, side) for nth, (minute, side) in enumerate(walk)]  # type: ignore[arg-type]
    now = moment(max([now_min, *(minute for minute, _ in walk)]))
    house = house_of(weekly)
    together = presences(told, house, now)
    for day in (MONDAY + timedelta(days=nth) for nth in range(7)):
        if house.is_apart(day):
            alone = presence([each for each in told if house.day_of(each.at) == day], house.evening(day), now)
            assert together.get(day, Presence((), ())) == alone


def moment(minute: int) -> Instant:
    return Instant.of(datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=PARIS) + timedelta(minutes=minute))


def naive(
    weekly: dict[str, list[tuple[str, str]]], walk: list[tuple[int, str]], now_min: int
) -> dict[date, list[Stay]]:
    """The stays of each date, by looking at one minute after the other."""
    is_open = [False] * ((DAYS + 3) * DAY_MIN)
    for nth in range(DAYS + 3):
        for begin, end in weekly[WEEKDAYS[nth % 7]]:
            for minute in range(nth * DAY_MIN + int(begin[:2]) * 60, nth * DAY_MIN + int(end[:2]) * 60):
                is_open[minute] = True
    whole: list[tuple[int, int, int | None, bool]] = []  # began, last seen, ended, automatic
    inside: tuple[int, int] | None = None
    as_of, done = 0, 0
    known = dict(walk)
    for minute in range(now_min + 1):
        if inside is not None and minute >= done:
            whole.append((*inside, as_of, True))
            inside = None
        side = known.get(minute)
        if side == "entry":
            if inside is None:
                as_of, done = naive_end(is_open, minute)
            inside = (minute, minute) if inside is None else (inside[0], minute)
        elif side == "exit" and inside is not None:
            whole.append((*inside, minute, False))
            inside = None
    if inside is not None:
        whole.append((*inside, None, False))
    made: dict[date, list[Stay]] = {}
    for began, seen, ended, automatic in whole:
        last = (now_min if ended is None else max(ended - 1, began)) // DAY_MIN
        for nth in range(began // DAY_MIN, last + 1):
            first_min, end_min = max(began, nth * DAY_MIN), (nth + 1) * DAY_MIN
            ends = end_min if nth < last else ended
            is_automatic = automatic and nth >= seen // DAY_MIN
            part = Stay(moment(first_min), None if ends is None else moment(ends), is_automatic)
            made.setdefault(MONDAY + timedelta(days=nth), []).append(part)
    return made


def naive_end(is_open: list[bool], began: int) -> tuple[int, int]:
    """As of when a stay that began then ends by itself, and when that is done."""
    day = began // DAY_MIN
    latest = (day + 3) * DAY_MIN
    for minute in range(began + 1, latest):
        if is_closing(is_open, minute):
            return minute, min(minute + 30, ((minute - 1) // DAY_MIN + 1) * DAY_MIN)
        if minute % DAY_MIN == 0 and not (is_open[minute - 1] and is_open[minute]):
            return minute, minute  # who came when it was closed for good goes with the date
    return latest, latest


def is_closing(is_open: list[bool], minute: int) -> bool:
    """Whether the place closes then for good: for its date, or for the night that it went on from."""
    if not is_open[minute - 1] or is_open[minute]:
        return False
    midnight = (minute - 1) // DAY_MIN * DAY_MIN
    is_last = not any(is_open[minute : midnight + DAY_MIN])
    is_rest = is_open[(midnight - 1) % (7 * DAY_MIN)] and all(is_open[midnight:minute])
    return is_last or is_rest
