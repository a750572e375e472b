"""Bookings out of calendars as people's programs write them, and out of what is none."""

import subprocess
import sys
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.contract.instant import Instant
from server.ical import bookings

PARIS = ZoneInfo("Europe/Paris")
MONDAY = Instant.parse("2026-11-22T23:00:00.000Z")
"""Midnight in Paris before Monday 23 November 2026."""
DAY = timedelta(days=1)


def calendar(*events: str, head: str = "") -> bytes:
    entries = "".join(f"BEGIN:VEVENT\nUID:{nth}\n{event}\nEND:VEVENT\n" for nth, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//FR\n{head}{entries}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def booked(data: bytes, days: float = 2) -> list[str]:
    """What is booked from Monday on, as `14:00-15:00` in Paris, with how many days later in front."""
    spans = []
    for begins, ends in bookings(data, PARIS, MONDAY, MONDAY + days * DAY):
        local, until = begins.astimezone(PARIS), ends.astimezone(PARIS)
        later = (local.date() - MONDAY.astimezone(PARIS).date()).days
        spans.append(f"{f'+{later} ' if later else ''}{local:%H:%M}-{until:%H:%M}")
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


@pytest.mark.parametrize("data", [b"", b"hello", b"<html>login</html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\n"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        bookings(data, PARIS, MONDAY, MONDAY + DAY)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 60), max_size=12))
def test_a_calendar_cut_or_garbled_anywhere_ends_this_program_alone(places: list[int]) -> None:
    """Whatever the parser makes of it, only an exception can come of it, and that ends the process it runs in."""
    data = bytearray(calendar("DTSTART:20261123T130000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"))
    for place in places:
        data[(place * 7) % len(data)] = (place * 31) % 256
    try:
        found = bookings(bytes(data), PARIS, MONDAY, MONDAY + DAY)
    except Exception as error:
        assert not isinstance(error, MemoryError)
    else:
        assert all(booking.begins_at < booking.ends_at for booking in found)


def test_the_program_says_what_it_found_as_json() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "server.ical", "Europe/Paris", str(MONDAY), str(MONDAY + DAY)],
        input=calendar("DTSTART:20261123T130000Z\nDURATION:PT1H"),
        capture_output=True,
        check=True,
        timeout=20,
    )
    assert done.stdout == b'[["2026-11-23T13:00:00.000Z", "2026-11-23T14:00:00.000Z"]]'
