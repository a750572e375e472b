"""Bookings out of calendars as people's programs write them, and out of what is none."""

import json
import subprocess
import sys
import warnings
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from device.contract.instant import Instant
from server.rooms.ical import Found, bookings
from tests.examples import examples
from tests.steps import steps

PARIS = ZoneInfo("Europe/Paris")
MONDAY = Instant.parse("2026-11-22T23:00:00.000Z")
"""Midnight in Paris before Monday 23 November 2026."""
DAY = timedelta(days=1)


def calendar(*events: str, head: str = "") -> bytes:
    entries = "".join(f"BEGIN:VEVENT\nUID:{nth}\n{event}\nEND:VEVENT\n" for nth, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//FR\n{head}{entries}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def read(data: bytes, days: float = 2) -> Found:
    with warnings.catch_warnings(action="ignore"):
        return bookings(data, PARIS, MONDAY, MONDAY + days * DAY)


def told(data: bytes) -> list[tuple[int, str, str]]:
    """What could not be read: the line, the entry, why."""
    return [(line, entry, why) for line, entry, why in read(data).troubles]


def booked(data: bytes, days: float = 2) -> list[str]:
    """What is booked from Monday on, as `14:00-15:00` in Paris, with how many days later in front."""
    spans = []
    for begins, ends in read(data, days).bookings:
        local, until = begins.astimezone(PARIS), ends.astimezone(PARIS)
        later = (local.date() - MONDAY.astimezone(PARIS).date()).days
        spans.append(f"{f'{later:+} ' if later else ''}{local:%H:%M}-{until:%H:%M}")
    return spans


@pytest.mark.parametrize(
    ("event", "spans"),
    [
        pytest.param("DTSTART:20261123T130000Z\nDTEND:20261123T140000Z", ["14:00-15:00"], id="UTC"),
        pytest.param("DTSTART:20261123T140000\nDTEND:20261123T150000", ["14:00-15:00"], id="the place's own time"),
        pytest.param(
            "DTSTART;TZID=America/New_York:20261123T080000\nDTEND;TZID=America/New_York:20261123T090000",
            ["14:00-15:00"],
            id="another zone",
        ),
        pytest.param(
            "DTSTART;TZID=Romance Standard Time:20261123T140000\nDURATION:PT1H",
            ["14:00-15:00"],
            id="Outlook's zone",
        ),
        pytest.param("DTSTART;VALUE=DATE:20261123", ["00:00-00:00"], id="a whole day"),
        pytest.param("DTSTART:20261109T130000Z\nDTEND:20261109T140000Z\nRRULE:FREQ=WEEKLY", ["14:00-15:00"], id="7 d"),
        pytest.param(
            "DTSTART;TZID=Europe/Paris:20260907T140000\nDURATION:PT1H\nRRULE:FREQ=DAILY",
            ["14:00-15:00", "+1 14:00-15:00"],
            id="daily, over the end of summer time",
        ),
        pytest.param(
            "DTSTART:20261109T130000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nEXDATE:20261123T130000Z",
            [],
            id="but today",
        ),
        pytest.param("DTSTART:20261123T130000Z\nDURATION:PT1H\nSTATUS:CANCELLED", [], id="cancelled"),
        pytest.param("DTSTART:20261123T130000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT", [], id="marked as free"),
        pytest.param("DTSTART:20261123T130000Z\nDTEND:20261123T130000Z", [], id="of no length"),
        pytest.param("DTSTART:20261130T130000Z\nDURATION:PT1H", [], id="next week"),
        pytest.param("DTSTART:20261123T130000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY", [], id="every second"),
    ],
)
def test_what_an_event_books(event: str, spans: list[str]) -> None:
    assert booked(calendar(event)) == spans


def test_an_occurrence_that_was_moved_is_booked_where_it_is() -> None:
    weekly = "DTSTART:20261109T130000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    moved = "RECURRENCE-ID:20261123T130000Z\nDTSTART:20261123T150000Z\nDURATION:PT1H"
    data = calendar(weekly, moved).replace(b"UID:1", b"UID:0")
    assert booked(data) == ["16:00-17:00"]


def test_a_calendar_with_a_zone_of_its_own_as_google_writes_it() -> None:
    data = calendar("DTSTART:20261123T130000Z\nDURATION:PT1H", head="X-WR-TIMEZONE:Europe/Paris\n")
    assert booked(data) == ["14:00-15:00"]


def test_bookings_come_in_order_and_the_same_one_once() -> None:
    late, early = "DTSTART:20261123T150000Z\nDURATION:PT1H", "DTSTART:20261123T090000Z\nDURATION:PT1H"
    assert booked(calendar(late, early, late)) == ["10:00-11:00", "16:00-17:00"]


def test_an_empty_calendar_books_nothing() -> None:
    assert booked(calendar()) == []


GOOD = "DTSTART:20261123T130000Z\nDURATION:PT1H\nSUMMARY:Bon"
AT_FOUR = "DTSTART:20261123T150000Z\nDURATION:PT1H\nSUMMARY:Mal"
PAST = "DURATION:PT1H\nSUMMARY:Mal\nDTSTART:"


@pytest.mark.parametrize(
    ("bad", "booked_too", "why"),
    [
        pytest.param("SUMMARY:Mal", [], "no_start", id="no start"),
        pytest.param("SUMMARY:Mal\nDTSTART:demain\nDURATION:PT1H", [], "no_start", id="start in words"),
        pytest.param("SUMMARY:Mal\nDTSTART:20261332T250000Z", [], "no_start", id="a 13th month"),
        pytest.param("SUMMARY:Mal\nDTSTART;VALUE=DATE-TIME;TZID=:\nDTEND:", [], "no_start", id="empty start"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=WEEKLY;BYDAY=MO, TU", ["16:00-17:00", "+1 16:00-17:00"], "", id="blank"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=NEVER", ["16:00-17:00"], "rule", id="no such rule"),
        pytest.param(f"{AT_FOUR}\nRRULE:W1 MO #4", ["16:00-17:00"], "rule", id="a rule of vCalendar 1.0"),
        pytest.param(f"{AT_FOUR}\nRRULE:", ["16:00-17:00"], "rule", id="empty rule"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=DAILY;INTERVAL=0", ["16:00-17:00"], "rule", id="a rule that stands still"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=DAILY;UNTIL=bientot", ["16:00-17:00"], "rule", id="until some day"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=DAILY;UNTIL=20261124", ["16:00-17:00"], "", id="until a date"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=DAILY;COUNT=-1", ["16:00-17:00", "+1 16:00-17:00"], "", id="count -1"),
        pytest.param(
            f"{AT_FOUR}\nRRULE:FREQ=DAILY\nRRULE:FREQ=DAILY", ["16:00-17:00", "+1 16:00-17:00"], "", id="twice"
        ),
        pytest.param(f"{AT_FOUR}\nSEQUENCE:x", ["16:00-17:00"], "", id="a sequence that is no number"),
        pytest.param(f"{AT_FOUR}\nSEQUENCE:1\nSEQUENCE:2", ["16:00-17:00"], "", id="two sequences"),
        pytest.param(f"{AT_FOUR}\nDTEND:20261123T160000Z", ["16:00-17:00"], "", id="an end and a duration"),
        pytest.param(f"{AT_FOUR}\nDTSTART:20261123T170000Z", ["16:00-17:00"], "", id="two starts"),
        pytest.param(f"{AT_FOUR}\nRDATE:\nEXDATE:", ["16:00-17:00"], "", id="empty dates"),
        pytest.param(f"{AT_FOUR}\nRDATE:jamais", ["16:00-17:00"], "dates", id="dates in words"),
        pytest.param(
            f"{AT_FOUR}\nRDATE;VALUE=PERIOD:20261123T170000Z/PT30M", ["16:00-17:00", "18:00-18:30"], "", id="p"
        ),
        pytest.param(
            f"{AT_FOUR}\nRDATE;VALUE=DATE:20261124", ["16:00-17:00", "+1 01:00-02:00"], "", id="a date, a time"
        ),
        pytest.param(AT_FOUR.replace("PT1H", "1 heure"), [], "end", id="a duration in words"),
        pytest.param(f'{AT_FOUR}\nCLASS\n:\nX;=:\nATTENDEE;CN="a:mailto', ["16:00-17:00"], "", id="broken lines in it"),
        pytest.param(f"{AT_FOUR}\nDESCRIPTION:one\ntwo, not folded", ["16:00-17:00"], "", id="a text not folded"),
        pytest.param(f"{AT_FOUR}\nATTACH;ENCODING=BASE64:!!\nGEO:x\nTRIGGER:y", ["16:00-17:00"], "", id="other faults"),
        pytest.param(f"{AT_FOUR}\nBEGIN:VALARM\nDTSTART:x\nTRIGGER:-\nEND:VALARM", ["16:00-17:00"], "", id="an alarm"),
        pytest.param(f"{AT_FOUR}\nBEGIN:VALARM\nTRIGGER:-PT5M", ["16:00-17:00"], "", id="an alarm that does not end"),
        pytest.param("DTSTART ; TZID = Europe/Paris :20261123T160000\nDURATION:PT1H", ["16:00-17:00"], "", id="blanks"),
        pytest.param('DTSTART;TZID="Europe/Paris":20261123T160000\nDURATION:PT1H', ["16:00-17:00"], "", id="quotes"),
        pytest.param(
            "dtstart;tzid=Europe/Paris:20261123T160000\nduration:pt1h", ["16:00-17:00"], "", id="small letters"
        ),
        pytest.param("DTSTART:2026-11-23T15:00:00Z\nDTEND:2026-11-23 16:00Z", ["16:00-17:00"], "", id="ISO 8601"),
        pytest.param("DTSTART;VALUE=DATE:20261123T160000\nDURATION:PT1H", ["16:00-17:00"], "", id="a date with a time"),
        pytest.param(
            AT_FOUR.replace(":20261123T150000Z", ";TZID=Ici:20261123T160000"), ["16:00-17:00"], "zone", id="zone"
        ),
        pytest.param(
            "DTSTART;TZID=/x.org/Olson_1/Europe/Paris:20261123T160000\nDURATION:PT1H", ["16:00-17:00"], "", id="/"
        ),
        pytest.param("DTSTART:20261123T160000Z\nDTEND:20261123T150000Z", [], "no_length", id="swapped"),
        pytest.param(f"{PAST}00010101T150000Z\nRRULE:FREQ=DAILY", ["16:00-17:00", "+1 16:00-17:00"], "", id="year 1"),
        pytest.param(f"{PAST}00010101T150000\nRRULE:FREQ=WEEKLY", ["15:00-16:00"], "", id="Mondays since the year 1"),
        pytest.param(
            f"{PAST}19260101T150000\nRRULE:FREQ=DAILY;INTERVAL=2", ["+1 15:00-16:00"], "", id="every other day"
        ),
        pytest.param(
            f"{PAST}00010101T150000Z\nRRULE:FREQ=DAILY;COUNT=900000", [], "too_much", id="counted from year 1"
        ),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=SECONDLY", [], "too_often", id="every second"),
        pytest.param(
            f"{AT_FOUR}\nRRULE:FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE=0,5", [], "too_often", id="48"
        ),
        pytest.param("DTSTART:99991231T235959Z\nDURATION:P9999D", [], "", id="the end of time"),
        pytest.param(f"{AT_FOUR}\nRECURRENCE-ID:lundi", [], "broken", id="moved from nowhere"),
        pytest.param("DTSTART:20261123T150000Z", [], "no_length", id="no end"),
        pytest.param("DTSTART:20261123T150000Z\nDTEND:20261123T150000Z", [], "no_length", id="no length"),
        pytest.param("DTSTART:20261123T150000Z\nDURATION:PT0S", [], "no_length", id="a duration of nothing"),
        pytest.param("DTSTART:20261123T150000Z\nDURATION:-PT1H", [], "no_length", id="a duration backwards"),
        pytest.param("DTSTART:20261123T150000Z\nDTEND:20261123", [], "no_length", id="a date before the time"),
        pytest.param("DTSTART:20261123\nDTEND:20261122", [], "no_length", id="a date before the date"),
        pytest.param("DTSTART:20261123\nDTEND:20261123", ["00:00-00:00"], "", id="a date to itself is that day"),
        pytest.param("DTSTART:20261123\nDTEND:demain", [], "end", id="a date to some day"),
        pytest.param("DTSTART:20261123T150000Z\nSTATUS:CANCELLED", [], "", id="no length, and cancelled"),
        pytest.param("DTSTART:20261001T150000Z", [], "", id="no length, long ago"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=DAILY;INTERVAL=999999999", ["16:00-17:00"], "", id="day 999999999"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=WEEKLY;INTERVAL=999999999", ["16:00-17:00"], "", id="week 999999999"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=MONTHLY;INTERVAL=99999999", ["16:00-17:00"], "", id="month 99999999"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=YEARLY;INTERVAL={'9' * 30}", ["16:00-17:00"], "rule", id="year 9e30"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=DAILY;INTERVAL={'9' * 5000}", [], "too_much", id="day 9e5000"),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=DAILY;COUNT={'9' * 30}", ["16:00-17:00"], "rule", id="9e30 times"),
        pytest.param(
            "DTSTART:19000101T140000\nDTEND:99990101T150000\nRRULE:FREQ=WEEKLY",
            ["-367 14:00-14:00"],
            "rule",
            id="weekly from 1900 to 9999",
        ),
        pytest.param("DTSTART:00010101\nDTEND:99991231", ["-367 00:00-00:00"], "", id="for ever"),
        pytest.param(f"DTSTART:20261123T150000Z\nDURATION:P{'9' * 9}D", ["16:00-16:00"], "", id="999999999 days"),
        pytest.param("DTSTART:20250901\nDTEND:20270301", ["-448 00:00-00:00"], "", id="a room let by the year"),
        pytest.param("DTSTART:20250901\nDURATION:P600D", ["-448 00:00-00:00"], "", id="a room let for 600 days"),
        pytest.param(
            AT_FOUR.replace(":20261123T150000Z", ";TZID=Europe:20261123T160000"), ["16:00-17:00"], "zone", id="folder"
        ),
        pytest.param(
            AT_FOUR.replace(":20261123T150000Z", f";TZID={'x' * 999}:20261123T160000"),
            ["16:00-17:00"],
            "zone",
            id="a zone too long for a file's name",
        ),
        pytest.param(
            f"{AT_FOUR}\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY;BYDAY=MO",
            ["16:00-17:00", "+1 16:00-17:00"],
            "exrule",
            id="all days but Mondays",
        ),
        pytest.param(
            f"{PAST}20200101T150000Z\nRRULE:FREQ=DAILY;COUNT=9\nEXRULE:FREQ=DAILY", [], "", id="exclusions, long over"
        ),
        pytest.param(
            f"{AT_FOUR}\nRRULE:FREQ=DAILY\nEXDATE:20261123T150000Z,bientot", ["+1 16:00-17:00"], "dates", id="one day"
        ),
        pytest.param(
            f"{AT_FOUR}\nRDATE:20261332T170000Z,20261123T170000Z",
            ["16:00-17:00", "18:00-19:00"],
            "dates",
            id="one of two dates",
        ),
        pytest.param(
            f"{AT_FOUR}\nRDATE;VALUE=PERIOD:20261123T190000Z/-PT1H,20261123T170000Z/PT30M",
            ["16:00-17:00", "18:00-18:30"],
            "dates",
            id="a period backwards",
        ),
        pytest.param(
            f"{AT_FOUR}\n" + "\n".join(f"RDATE:20261123T{nth:06}" for nth in range(30_000)), [], "too_much", id="30000"
        ),
        pytest.param(
            f"{AT_FOUR}\n" + "\n".join(f"RRULE:FREQ=DAILY;COUNT={nth}" for nth in range(1, 9999)),
            [],
            "too_much",
            id="r",
        ),
        pytest.param(f"{AT_FOUR}\nRRULE:FREQ=DAILY;BYDAY={','.join(['MO'] * 99999)}", [], "too_much", id="MO, MO, MO"),
    ],
)
def test_one_bad_entry_costs_the_room_nothing_else_and_is_told(bad: str, booked_too: list[str], why: str) -> None:
    data = calendar(GOOD, bad, GOOD.replace("T13", "T18"))
    assert sorted(booked(data)) == sorted(["14:00-15:00", "19:00-20:00", *booked_too])
    assert [trouble[2] for trouble in told(data)] == ([why] if why else [])


def test_what_is_told_names_the_line_and_the_entry() -> None:
    assert told(calendar(GOOD, "SUMMARY:Réunion\\, mardi\nDTSTART:?")) == [(10, "Réunion, mardi", "no_start")]


def test_a_rule_that_never_comes_true_takes_nothing_from_the_others() -> None:
    never = f"{AT_FOUR}\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    assert booked(calendar(never, GOOD)) == ["14:00-15:00"]
    assert [why for _, _, why in told(calendar(never, GOOD))] == ["too_much"]


@pytest.mark.parametrize(
    "line",
    [
        "RDATE:20261123T{:06}Z",
        "EXDATE:20261123T{:06}Z",
        "RRULE:FREQ=DAILY;COUNT={}",
        "X-{}:",
    ],
)
def test_ten_times_as_long_an_entry_is_ten_times_the_work_at_most(line: str) -> None:
    files = [calendar(f"{AT_FOUR}\n" + "\n".join(line.format(nth) for nth in range(lines))) for lines in (1100, 11_000)]
    few, many = (steps(partial(read, data)) for data in files)
    assert many < 12 * few


@pytest.mark.parametrize(("year", "why"), [("2010", []), ("2026", ["too_much"])])
def test_900_000_dates_are_no_work(year: str, why: list[str]) -> None:
    dates = ",".join(f"{year}1123T{nth % 24:02}{nth // 24 % 60:02}{nth // 1440 % 60:02}Z" for nth in range(900_000))
    data = calendar(f"DTSTART:20100101T150000Z\nDURATION:PT1H\nRDATE:{dates}", GOOD)
    assert booked(data) == ["14:00-15:00"]
    assert [trouble[2] for trouble in told(data)] == why


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_calendar_is_read_in_the_encodings_that_programs_write(encoding: str, end: str) -> None:
    text = calendar(GOOD, "SUMMARY:Réunion\nDTSTART:?").decode().replace("\r\n", end)
    assert booked(text.encode(encoding)) == ["14:00-15:00"]
    assert [entry for _, entry, _ in told(text.encode(encoding))] == ["Réunion"]


def test_a_fold_may_part_a_letter() -> None:
    data = calendar("SUMMARY:Réunion\nDTSTART:?").replace("é".encode(), b"\xc3\r\n \xa9")
    assert told(data)[0][1] == "Réunion"


def test_lines_outside_of_entries_are_told_and_cost_nothing() -> None:
    data = b"coucou\r\n" + calendar(GOOD, head="not a property\n\n")
    assert booked(data) == ["14:00-15:00"]
    assert told(data) == [(1, "coucou", "stray"), (5, "not a property", "stray")]


def test_an_entry_that_breaks_off_is_told_and_those_around_it_are_shown() -> None:
    data = calendar(GOOD, AT_FOUR, GOOD.replace("T13", "T18")).replace(b"Mal\r\nEND:VEVENT\r\n", b"Mal\r\n")
    assert booked(data) == ["14:00-15:00", "19:00-20:00"]
    assert [why for _, _, why in told(data)] == ["unfinished"]
    assert booked(data[:-40]) == ["14:00-15:00"]


ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Chez nous\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:{}\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nEND:VTIMEZONE\n"
)


@pytest.mark.parametrize(
    ("offset", "span", "whys"), [("+0100", "16:00-17:00", []), ("midi", "16:00-17:00", ["zone", "zone"])]
)
def test_a_zone_that_is_brought_along_is_read_and_a_broken_one_is_told(offset: str, span: str, whys: list[str]) -> None:
    zone = ZONE.replace("Chez nous", f"Chez {offset}").format(offset)
    data = calendar(f"DTSTART;TZID=Chez {offset}:20261123T160000\nDURATION:PT1H", GOOD, head=zone)
    assert booked(data) == ["14:00-15:00", span]
    assert [why for _, _, why in told(data)] == whys


def test_several_calendars_in_one_file_are_all_read() -> None:
    assert booked(calendar(GOOD) + calendar(AT_FOUR)) == ["14:00-15:00", "16:00-17:00"]


def test_entries_that_share_an_identity_and_are_none_of_them_a_change_are_all_shown() -> None:
    data = calendar(GOOD, AT_FOUR).replace(b"UID:1", b"UID:0")
    assert booked(data) == ["14:00-15:00", "16:00-17:00"]


def test_entries_that_share_an_identity_are_all_shown_though_one_of_them_is_a_change() -> None:
    weekly = "DTSTART:20261109T080000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    moved = "RECURRENCE-ID:20261123T080000Z\nDTSTART:20261123T170000Z\nDURATION:PT1H"
    data = calendar(GOOD, AT_FOUR, weekly, moved)
    for nth in (b"1", b"2", b"3"):
        data = data.replace(b"UID:" + nth, b"UID:0")
    assert booked(data) == ["14:00-15:00", "16:00-17:00", "18:00-19:00"]


def test_a_change_that_cannot_be_worked_out_leaves_the_series() -> None:
    weekly = "DTSTART:20261109T130000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    moved = "RECURRENCE-ID;RANGE=THISANDFUTURE:00010101T000000Z\nDTSTART:20261123T150000Z\nDURATION:P900D"
    data = calendar(weekly, moved).replace(b"UID:1", b"UID:0")
    assert "14:00-15:00" in booked(data)


def test_a_broken_change_of_one_occurrence_leaves_the_series() -> None:
    weekly = "DTSTART:20261109T130000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    moved = "RECURRENCE-ID:20261123T130000Z\nDTSTART:?\nDURATION:PT1H"
    data = calendar(weekly, moved).replace(b"UID:1", b"UID:0")
    assert booked(data) == ["14:00-15:00"]
    assert [why for _, _, why in told(data)] == ["no_start"]


def test_a_change_of_this_and_all_that_follow_is_followed() -> None:
    weekly = "DTSTART:20261109T130000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    moved = "RECURRENCE-ID;RANGE=THISANDFUTURE:20261116T130000Z\nDTSTART:20261116T150000Z\nDURATION:PT1H"
    assert booked(calendar(weekly, moved).replace(b"UID:1", b"UID:0")) == ["16:00-17:00"]


def test_what_is_long_past_is_not_even_looked_at() -> None:
    old = [f"DTSTART:2015{nth % 12 + 1:02}{nth % 28 + 1:02}T100000Z\nDURATION:?" for nth in range(20_000)]
    data = calendar(*old, GOOD)
    assert (booked(data), told(data)) == (["14:00-15:00"], [])


ODD = """
    BEGIN:VCALENDAR END:VCALENDAR BEGIN:VEVENT END:VEVENT BEGIN:VALARM END:VALARM BEGIN:VTIMEZONE END:VTIMEZONE UID:1
    UID:2 DTSTART:20261123T150000Z DTSTART;TZID=Europe/Paris:20261123T150000 DTSTART;VALUE=DATE:20261123 DTSTART:x
    DTSTART:00010101T000000Z DTEND:20261123T160000Z DTEND:00010102 DURATION:PT1H DURATION:-PT1H RRULE:FREQ=DAILY
    RRULE:FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=-1 RRULE:FREQ= RRULE:FREQ=YEARLY;BYWEEKNO=53;COUNT=0
    RDATE:20261123T170000Z,x RDATE;VALUE=PERIOD:20261123T170000Z/x EXDATE;VALUE=DATE:20261123
    RECURRENCE-ID:20261123T150000Z RECURRENCE-ID;RANGE=THISANDFUTURE:20261123 SEQUENCE:2 SEQUENCE:-1 STATUS:CANCELLED
    TRANSP:TRANSPARENT X-WR-TIMEZONE:Europe/Paris TZID:x X-WR-TIMEZONE:? TZOFFSETFROM:+9900 CALSCALE:JULIAN hello : ;:
    DTSTART ";:"
"""
LINES = st.sampled_from([*ODD.split(), "", " folded", "RRULE:FREQ=WEEKLY;BYDAY=MO, TU"])


@examples(150)
@given(st.lists(LINES, max_size=14), st.lists(LINES, max_size=14))
def test_whatever_stands_around_it_a_good_entry_is_shown(before: list[str], after: list[str]) -> None:
    good = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:good\r\n" + GOOD.replace("\n", "\r\n") + "\r\nEND:VEVENT\r\n"
    data = "\r\n".join([*before, good + "END:VCALENDAR", *after, ""]).encode()
    assert "14:00-15:00" in booked(data)


MUTANTS = """
    FREQ=WEEKLY;INTERVAL=999999999 FREQ=MONTHLY;INTERVAL=99999999 FREQ=YEARLY;BYWEEKNO=-53;BYDAY=-5SU FREQ=HOURLY
    FREQ=DAILY;UNTIL=00010101 FREQ=DAILY;UNTIL=99991231T235959Z FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1 FREQ=WEEKLY
    00010101 99991231T235959Z 19000101T140000 20261123 20261123T150000Z 20261123T150000 20261332T250000Z -20261123
    20261123T150000Z/PT1H 20261123T150000Z/00010101T000000Z P999999999W -PT1H PT0S P 0 -1 9999999999999999999999 x ,;:"
    CANCELLED
"""
ENTRY_LINES = st.one_of(
    st.builds(
        "{}{}:{}".format,
        st.sampled_from(
            "UID SEQUENCE DTSTART DTEND DURATION RECURRENCE-ID RRULE RDATE EXDATE EXRULE STATUS BEGIN END".split()  # noqa: SIM905
        ),
        st.sampled_from(
            [
                "",
                "",
                ";VALUE=DATE",
                ";VALUE=PERIOD",
                ";TZID=Europe/Paris",
                ";TZID=Europe",
                ";RANGE=THISANDFUTURE",
                ';X="',
            ]
        ),
        st.sampled_from([*MUTANTS.split(), *(each for each in ODD.replace(":", " ").split() if each.startswith("V"))]),
    ),
    LINES,
)


@examples(300)
@given(st.lists(ENTRY_LINES, max_size=10), st.lists(st.tuples(st.integers(0, 500), st.binary(max_size=3)), max_size=3))
def test_whatever_an_entry_says_the_good_ones_beside_it_are_shown(
    lines: list[str], changes: list[tuple[int, bytes]]
) -> None:
    bad = bytearray("\r\n".join(["BEGIN:VEVENT", "UID:bad", *lines, "END:VEVENT"]).encode())
    for place, change in changes:
        bad[place % len(bad) : place % len(bad) + 1] = change
    assume(bytes(bad[:1]) not in (b" ", b"\t"))  # what begins so goes on with the line before, which is another's
    good = [
        f"BEGIN:VEVENT\r\nUID:good {nth}\r\n{event}\r\nEND:VEVENT\r\n".encode()
        for nth, event in enumerate((GOOD, GOOD.replace("T13", "T18")))
    ]
    data = b"BEGIN:VCALENDAR\r\n" + good[0] + bytes(bad) + b"\r\n" + good[1] + b"END:VCALENDAR\r\n"
    assert {"14:00-15:00", "19:00-20:00"} <= set(booked(data))


@pytest.mark.parametrize("data", [b"", b"hello", b"<html>login</html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\n"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        bookings(data, PARIS, MONDAY, MONDAY + DAY)


@examples(30)
@given(st.lists(st.integers(0, 60), max_size=12))
def test_a_calendar_cut_or_garbled_anywhere_ends_this_program_alone(places: list[int]) -> None:
    """Whatever the parser makes of it, only an exception can come of it, and that ends the process it runs in."""
    data = bytearray(calendar("DTSTART:20261123T130000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"))
    for place in places:
        data[(place * 7) % len(data)] = (place * 31) % 256
    try:
        found = read(bytes(data)).bookings
    except Exception as error:
        assert not isinstance(error, MemoryError)
    else:
        assert all(booking.begins_at < booking.ends_at for booking in found)


def test_the_program_says_what_it_found_as_json() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "server.rooms.ical", "Europe/Paris", str(MONDAY), str(MONDAY + DAY)],
        input=calendar("DTSTART:20261123T130000Z\nDURATION:PT1H"),
        capture_output=True,
        check=True,
        timeout=20,
    )
    span = ["2026-11-23T13:00:00.000Z", "2026-11-23T14:00:00.000Z"]
    assert json.loads(done.stdout) == {"bookings": [span], "troubles": []}
