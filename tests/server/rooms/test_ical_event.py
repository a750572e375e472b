"""Which entries belong together, and which of them last."""

from zoneinfo import ZoneInfo

import pytest
from icalendar import Event

from server.core.ical.file import Entry, taken_apart
from server.rooms.ical_event import MOST_SHARED, apart, lasts, parsed

PARIS = ZoneInfo("Europe/Paris")
ONCE = "DTSTART:20261123T150000Z"
OTHER = "DTSTART:20261123T170000Z"
WEEKLY = "DTSTART:20261109T130000Z\nRRULE:FREQ=WEEKLY"
DATES = "DTSTART:20261109T080000Z\nRDATE:20261123T080000Z"
CHANGE = "RECURRENCE-ID:20261123T130000Z\nDTSTART:20261123T180000Z"
CHANGE_OF_ONCE = "RECURRENCE-ID:20261123T150000Z\nDTSTART:20261123T190000Z"


def entries(*written: str) -> list[tuple[Entry, Event]]:
    """Entries with one identity, each with what it is for the parser."""
    text = "".join(f"BEGIN:VEVENT\n{lines}\nEND:VEVENT\n" for lines in written)
    [part] = taken_apart(f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n".encode()).parts
    return [(entry, parsed(entry)) for entry in part.entries]


@pytest.mark.parametrize(
    ("written", "together"),
    [
        ([ONCE], [[0]]),
        ([CHANGE], [[0]]),
        ([WEEKLY, CHANGE], [[0, 1]]),
        ([ONCE, OTHER], [[0], [1]]),
        ([ONCE, CHANGE_OF_ONCE], [[0, 1]]),
        ([ONCE, OTHER, WEEKLY, CHANGE], [[0], [1], [2, 3]]),
        ([ONCE, OTHER, CHANGE], [[0], [1], [2]]),
        ([ONCE, OTHER, CHANGE_OF_ONCE], [[0, 2], [1]]),
        ([CHANGE, CHANGE_OF_ONCE], [[0, 1]]),
        ([WEEKLY, DATES, CHANGE], [[0, 2], [1, 2]]),
        ([f"{ONCE}\nSEQUENCE:1", f"{OTHER}\nSEQUENCE:2"], [[0, 1]]),
        ([f"{ONCE}\nSEQUENCE:2", f"{OTHER}\nSEQUENCE:2", f"{CHANGE}\nSEQUENCE:9"], [[0], [1], [2]]),
    ],
)
def test_entries_that_share_an_identity_are_told_apart(written: list[str], together: list[list[int]]) -> None:
    given = entries(*written)
    assert [[given.index(each) for each in one] for one in apart(given)] == together


def test_a_thousand_series_with_one_name_and_a_thousand_changes_are_no_million() -> None:
    series = [f"{WEEKLY};COUNT={nth}" for nth in range(1, 201)]
    changes = [CHANGE.replace("T18", f"T{nth % 24:02}") for nth in range(200)]
    assert sum(len(one) for one in apart(entries(*series, *changes))) <= MOST_SHARED


@pytest.mark.parametrize(
    ("written", "does_last"),
    [
        ("DTSTART:20261123T150000Z", False),
        ("DTSTART;VALUE=DATE:20261123", True),
        ("DTSTART:20261123T150000Z\nDTEND:20261123T150001Z", True),
        ("DTSTART:20261123T150000Z\nDTEND;TZID=Europe/Paris:20261123T160001", True),
        ("DTSTART:20261123T150000Z\nDTEND;TZID=Europe/Paris:20261123T160000", False),
        ("DTSTART:20261123T150000Z\nDTEND:20261123T160001", True),
        ("DTSTART:20261123T150000Z\nDTEND:20261123T153000", False),
        ("DTSTART:20261123T150000\nDTEND;VALUE=DATE:20261124", True),
        ("DTSTART:20260329T023000\nDTEND:20260329T030000", True),
        ("DTSTART;TZID=Europe/Paris:20260329T023000\nDTEND;TZID=Europe/Paris:20260329T030000", True),
        ("DTSTART:00010101T000000\nDTEND:99991231T235959Z", True),
        ("DTSTART:99991231T235959Z\nDTEND:00010101T000000", False),
        ("DTSTART:20261123T150000Z\nDURATION:PT1S", True),
        ("DTSTART:20261123T150000Z\nDURATION:-P1D", False),
    ],
)
def test_an_event_lasts_whose_end_is_after_its_start(written: str, does_last: bool) -> None:
    [(_, event)] = entries(written)
    assert lasts(event, PARIS) is does_last
