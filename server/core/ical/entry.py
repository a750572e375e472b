"""An entry of an iCal file, made cheap to work out for a few days: far dates left out, long pasts stepped over.

Pure.
"""

import re
from datetime import date, timedelta

from server.core.ical.file import Entry, Property, Why

FAR = timedelta(days=366)
"""An entry that lasts longer than this is not looked for."""
OLD = timedelta(days=366 * 20)
"""A past as long as this is stepped over; shorter ones are worked out as they stand."""
MOST_DATES = 1_000
"""Of the single dates of one entry, within `FAR`."""
MOST_STEPS = 50_000
"""Repetitions that are counted through before these days."""
MOST_A_DAY = 24
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
"""Rules by which nobody books a room."""
STEP_DAYS = {"DAILY": 1, "WEEKLY": 7}


def concerns(entry: Entry, since: date, until: date) -> bool:
    """Whether the entry may book anything between two dates; one whose start is unreadable may."""
    if any(each.name in ("RRULE", "RDATE") for each in entry.properties):
        return True
    days = [_date(each.value) for each in entry.properties if each.name in ("DTSTART", "RECURRENCE-ID")]
    return not days or any(day is None or since - FAR <= day <= until + timedelta(days=2) for day in days)


def near(entry: Entry, since: date, until: date) -> Entry:
    """The entry without the single dates that are too far from these to matter."""
    properties = [
        each._replace(value=_near_dates(each.value, since, until)) if each.name in ("RDATE", "EXDATE") else each
        for each in entry.properties
    ]
    kept = [each for each in properties if each.value or each.name not in ("RDATE", "EXDATE")]
    return Entry(entry.line, entry.title, kept)


def excess(entry: Entry, since: date) -> Why | None:
    """Why the entry is not worked out at all: it repeats more often than a room is booked, or for too long."""
    if sum(each.value.count(",") + 1 for each in entry.properties if each.name in ("RDATE", "EXDATE")) > MOST_DATES:
        return "too_much"
    for rule in (_rule(each) for each in entry.properties if each.name == "RRULE"):
        a_day = 1
        for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            a_day *= rule.get(part, "").count(",") + 1
        if rule.get("FREQ") in TOO_OFTEN or a_day > MOST_A_DAY:
            return "too_often"
        began, days = _date(entry.value("DTSTART")), STEP_DAYS.get(rule.get("FREQ", ""), 31)
        steps = (since - began) // timedelta(days=days * _interval(rule)) if began else 0
        if min(steps, int(_digits(rule.get("COUNT", "")) or steps)) > MOST_STEPS:
            return "too_much"
    return None


def has_sound_rules(entry: Entry) -> bool:
    """Whether each of its rules says how often, and goes forward."""
    rules = [_rule(each) for each in entry.properties if each.name == "RRULE"]
    return all(rule.get("FREQ") and (rule.get("INTERVAL", "1").isdecimal() and _interval(rule)) for rule in rules)


def stepped(entry: Entry, since: date) -> Entry:
    """The entry with a start of long ago brought near by whole steps of its rule, its end with it.

    One start that is no occurrence itself would become one where it lands: it lands before `FAR`.
    """
    rules = [_rule(each) for each in entry.properties if each.name == "RRULE"]
    began = _date(entry.value("DTSTART"))
    if began is None or len(rules) != 1 or "COUNT" in rules[0] or rules[0].get("FREQ") not in STEP_DAYS:
        return entry
    if since - began <= OLD:
        return entry
    step = timedelta(days=STEP_DAYS[rules[0]["FREQ"]] * _interval(rules[0]))
    by = (since - 2 * FAR - began) // step * step
    properties = [
        each._replace(value=_later(each.value, by)) if each.name in ("DTSTART", "DTEND") else each
        for each in entry.properties
    ]
    return Entry(entry.line, entry.title, properties)


def _near_dates(values: str, since: date, until: date) -> str:
    first, last = (since - FAR).strftime("%Y%m%d"), (until + timedelta(days=2)).strftime("%Y%m%d")
    return ",".join(value for value in values.split(",") if value and _is_between(value, first, last))


def _is_between(value: str, first: str, last: str) -> bool:
    return not value[:8].isdigit() or first <= value[:8] <= last


def _rule(rule: Property) -> dict[str, str]:
    parts = (part.partition("=") for part in rule.value.split(";"))
    return {name: value for name, _, value in parts}


def _interval(rule: dict[str, str]) -> int:
    return int(_digits(rule.get("INTERVAL", "1")) or 1) if rule.get("INTERVAL") != "0" else 0


def _digits(text: str) -> str:
    return text if re.fullmatch(r"[0-9]{1,9}", text) else ""


def _date(value: str) -> date | None:
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        return None


def _later(value: str, by: timedelta) -> str:
    day = _date(value)
    return value if day is None else (day + by).strftime("%Y%m%d").zfill(8) + value[8:]
