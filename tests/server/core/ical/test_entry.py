"""Entries made cheap to work out: what is too far, too long, too often or no date at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.ical.entry import (
    clipped,
    concerns,
    excess,
    has_sound_rules,
    near,
    stepped,
    with_sound_dates,
    without_zones,
)
from server.core.ical.file import OFTEN, ONCE, Entry, taken_apart

FIRST, LAST = date(2026, 11, 22), date(2026, 11, 24)


def entry(*lines: str) -> Entry:
    """The entry of those lines."""
    text = "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])
    return taken_apart(text.encode()).parts[0].entries[0]


def lines(of: Entry) -> list[str]:
    """The entry as lines."""
    return [str(each) for each in of.properties]


@pytest.mark.parametrize(
    ("written", "is_concern"),
    [
        (["DTSTART:20261123T130000Z"], True),
        (["DTSTART:20261118T130000Z"], False),
        (["DTSTART:20261127T130000Z"], False),
        (["DTSTART:20260101", "DTEND:20261123"], True),
        (["DTSTART:20260101", "DTEND:20261101"], False),
        (["DTSTART:20200101", "DTEND:20270101"], True),
        (["DTSTART:00010101", "DTEND:99991231"], True),
        (["DTSTART:20250901", "DURATION:P600D"], True),
        (["DTSTART:20250901", "DURATION:PT9000H"], False),
        (["DTSTART:20250901", "DURATION:PT12000H"], True),
        (["DTSTART:20260101", "DTEND:some day"], True),
        (["DTSTART:20250101", "DTEND:some day"], False),
        (["DTSTART:some day"], True),
        (["RECURRENCE-ID:20261123", "DTSTART:20270301"], True),
        (["RECURRENCE-ID:20150101", "DTSTART:20150102"], False),
        (["RECURRENCE-ID;RANGE=THISANDFUTURE:20150101", "DTSTART:20150102"], True),
        (["DTSTART:20150101", "RRULE:FREQ=DAILY"], True),
    ],
)
def test_an_entry_is_of_concern_while_it_lasts(written: list[str], is_concern: bool) -> None:
    assert concerns(entry(*written), FIRST, LAST) is is_concern


@pytest.mark.parametrize(
    ("rule", "starts"),
    [
        ("FREQ=DAILY", "20241119"),
        ("FREQ=DAILY;INTERVAL=7", "20241113"),
        ("FREQ=WEEKLY", "20241113"),
        ("FREQ=WEEKLY;INTERVAL=999999999", "19000103"),
        ("FREQ=WEEKLY;INTERVAL=99999999999999999999", "19000103"),
        ("FREQ=DAILY;INTERVAL=999999999", "19000103"),
        ("FREQ=MONTHLY;INTERVAL=99999999", "19000103"),
        ("FREQ=DAILY;COUNT=3", "19000103"),
        ("FREQ=YEARLY", "19000103"),
    ],
)
def test_a_start_of_long_ago_is_brought_near_by_whole_steps(rule: str, starts: str) -> None:
    assert stepped(entry("DTSTART:19000103", f"RRULE:{rule}"), FIRST).value("DTSTART") == starts


def test_a_start_of_a_few_years_ago_stays_where_it_is() -> None:
    assert stepped(entry("DTSTART:20080101", "RRULE:FREQ=DAILY"), FIRST).value("DTSTART") == "20080101"


def test_an_end_out_of_reach_is_not_brought_beyond_all_calendars() -> None:
    weekly = entry("DTSTART:19000101T140000", "DTEND:99990101T150000", "RRULE:FREQ=WEEKLY")
    assert lines(stepped(weekly, FIRST)) == lines(weekly)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (["RRULE:FREQ=WEEKLY;INTERVAL=999999999"], None),
        (["RRULE:FREQ=MONTHLY;INTERVAL=99999999"], None),
        ([f"RRULE:FREQ=DAILY;COUNT={nth}" for nth in range(1, 21)], None),
        ([f"RRULE:FREQ=DAILY;COUNT={nth}" for nth in range(1, 22)], "too_much"),
        ([f"RRULE:FREQ=DAILY;COUNT={nth}" for nth in range(49_990, 49_993)], "too_much"),
        ([f"RRULE:FREQ=YEARLY;BYYEARDAY={','.join(map(str, range(1, 367)))}"], None),
        ([f"RRULE:FREQ=MONTHLY;BYDAY={','.join(['1MO'] * 2000)}"], "too_much"),
        ([f"UID:{'x' * 5000}"], "too_much"),
        ([f"EXDATE;X={'x' * 5000}:20261123"], "too_much"),
        ([f"RDATE:2026112{nth % 10}T{nth // 10:06}" for nth in range(1000)], None),
        ([f"RDATE:2026112{nth % 10}T{nth // 10:06}" for nth in range(1001)], "too_much"),
        ([f"EXDATE:2026112{nth % 10}T{nth // 10:06}" for nth in range(1001)], "too_much"),
        (["RRULE:FREQ=HOURLY"], "too_often"),
    ],
)
def test_what_is_too_much_is_told_before_it_is_worked_out(written: list[str], why: str | None) -> None:
    assert excess(entry("DTSTART:19600101T140000", *written), FIRST) == why


@pytest.mark.parametrize(
    ("written", "read", "are_sound"),
    [
        ("RDATE:20261123,x,20261124", ["RDATE:20261123,20261124"], False),
        (
            "EXDATE;TZID=Europe/Paris:20261123T140000,20261332T140000",
            ["EXDATE;TZID=Europe/Paris:20261123T140000"],
            False,
        ),
        ("EXDATE:2026-11-23,2026-11-23T14:00:00Z", ["EXDATE:20261123,20261123T140000Z"], True),
        ("EXDATE:x,20261123T256000Z", [], False),
        ("RDATE;VALUE=PERIOD:20261123T140000Z/PT1H,x/PT1H", ["RDATE;VALUE=PERIOD:20261123T140000Z/PT1H"], False),
        ("RDATE;VALUE=PERIOD:20261123T140000Z/-PT1H", [], False),
        ("RDATE;VALUE=PERIOD:20261123T140000Z/PT0S", [], False),
        ("RDATE;VALUE=PERIOD:20261123T140000Z/20261123T130000Z", [], False),
        ("RDATE;VALUE=PERIOD:20261123T140000Z/20261123T150000Z", "same", True),
        ("RDATE;VALUE=PERIOD:20261123T140000Z/x", [], False),
        ("RDATE;VALUE=PERIOD:20261123T140000Z/", [], False),
    ],
)
def test_the_good_dates_of_a_list_stand(written: str, read: list[str] | str, are_sound: bool) -> None:
    sound, said = with_sound_dates(entry(written))
    assert (lines(sound), said) == ([written] if read == "same" else read, are_sound)


def test_single_dates_are_kept_as_far_back_as_one_lasts() -> None:
    let = entry("DTSTART:20200101", "DURATION:P600D", "RDATE:20230101,20250601,20261123,20270101")
    assert near(let, FIRST, LAST).value("RDATE") == "20250601,20261123"
    periods = entry("DTSTART:20200101", "RDATE:20230101T000000/20270101T000000,20230101T000000/PT1H")
    assert near(periods, FIRST, LAST).value("RDATE") == "20230101T000000/20270101T000000"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["DTSTART:20250901", "DTEND:20261201"], "same"),
        (["DTSTART:19000101", "DTEND:99991231"], ["DTSTART:20251121", "DTEND:20271125"]),
        (["DTSTART:20260101", "DTEND:99991231"], ["DTSTART:20260101", "DTEND:20271125"]),
        (["DTSTART:00010101T1400Z", "DTEND:20261123T1500Z"], ["DTSTART:20251121T140000Z", "DTEND:20261123T150000Z"]),
        (
            ["DTSTART;TZID=x:20260101T140000", "DURATION:P999999D"],
            ["DTSTART;TZID=x:20260101T140000", "DTEND;TZID=x:20271125T140000"],
        ),
        (["DTSTART:20200101", "DTEND:99991231", "RRULE:FREQ=DAILY"], "same"),
    ],
)
def test_an_end_that_is_out_of_reach_is_brought_near(written: list[str], read: list[str] | str) -> None:
    assert lines(clipped(entry(*written), FIRST, LAST)) == (written if read == "same" else read)


ODD = """
    20261123 00010101 99991231 20261123T130000Z 00000000T000000 99999999T999999Z P999999999W -PT1H P PT999999999S
    FREQ=DAILY FREQ=WEEKLY;INTERVAL=999999999 FREQ=MONTHLY;INTERVAL=0 FREQ=;COUNT=x;BYHOUR=,,,
    FREQ=YEARLY;INTERVAL=١;COUNT=² 00010101/99991231 99991231/00010101T000000 20261123/P999999999W 20261123,,x
"""
VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12), st.sampled_from(ODD.split())
)


@given(st.lists(st.tuples(st.sampled_from((*ONCE, *OFTEN)), VALUES), max_size=8))
def test_whatever_an_entry_says_it_is_made_cheap_and_nothing_breaks(written: list[tuple[str, str]]) -> None:
    odd = entry(*(f"{name};TZID=x:{value}" for name, value in written))
    concerns(odd, FIRST, LAST)
    odd = near(odd, FIRST, LAST)
    if not has_sound_rules(odd):
        odd = odd.without("RRULE")
    odd = stepped(odd, FIRST)
    excess(odd, FIRST)
    odd, _ = with_sound_dates(odd)
    odd = without_zones(clipped(odd, FIRST, LAST))
    assert all(each.parameters == "" for each in odd.properties)
