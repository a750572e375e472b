"""An entry of an iCal file, made cheap to work out for a few days: far dates left out, long pasts stepped over.

Pure.
"""

import re
from datetime import date, datetime, timedelta
from math import prod

from server.core.ical.file import Entry, Property, Why, as_moment

FAR = timedelta(days=366)
"""Of what says no end of its own, what began longer ago than this is not looked for."""
OLD = timedelta(days=366 * 20)
"""A past as long as this is stepped over; shorter ones are worked out as they stand."""
MOST_DATES = 1_000
"""Of the single dates of one entry, within `FAR`."""
MOST_RULES = 20
MOST_STEPS = 50_000
"""Repetitions that are counted through before these days, by all rules of an entry together."""
MOST_A_DAY = 24
MOST_SIGNS = 4_000
"""In one property that is no list of dates; a rule that names each day of the year has 1,500."""
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
"""Rules by which nobody books a room."""
STEP_DAYS = {"DAILY": 1, "WEEKLY": 7}

_LARGE = 10**9
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_LIKE_DATE = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_DURATION = re.compile(
    r"\+?P(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?"
)


def concerns(entry: Entry, since: date, until: date) -> bool:
    """Whether the entry may book anything between two dates; one whose start is unreadable may.

    The end of a change says nothing of how long the occurrence lasts that it moves away: `FAR` does for both.
    """
    changed = next((each for each in entry.properties if each.name == "RECURRENCE-ID"), None)
    if any(each.name in ("RRULE", "RDATE") for each in entry.properties):
        return True
    if changed is not None and "THISANDFUTURE" in changed.parameters.upper():
        return True
    days = [_date(each.value) for each in entry.properties if each.name in ("DTSTART", "RECURRENCE-ID")]
    length = _days(*_span(entry))
    before = 2 + (length or 0) + (FAR.days if changed is not None or length is None else 0)
    first, last = since.toordinal() - before, until.toordinal() + 2
    return not days or any(day is None or first <= day.toordinal() <= last for day in days)


def near(entry: Entry, since: date, until: date) -> Entry:
    """The entry without the single dates that are too far from these to matter."""
    first = since.toordinal() - FAR.days - (_days(*_span(entry)) or 0)
    properties = [
        each._replace(value=_near_dates(each.value, first, until)) if each.name in ("RDATE", "EXDATE") else each
        for each in entry.properties
    ]
    kept = [each for each in properties if each.value or each.name not in ("RDATE", "EXDATE")]
    return Entry(entry.line, entry.title, kept)


def with_sound_dates(entry: Entry) -> tuple[Entry, bool]:
    """The entry without those of its single dates that are none, and whether there were any; the others stand."""
    kept, are_sound = [], True
    for each in entry.properties:
        if each.name in ("RDATE", "EXDATE"):
            dates = [_sound_date(value) for value in each.value.split(",")]
            are_sound = are_sound and all(dates)
            each = each._replace(value=",".join(filter(None, dates)))
        if each.value or each.name not in ("RDATE", "EXDATE"):
            kept.append(each)
    return Entry(entry.line, entry.title, kept), are_sound


def excess(entry: Entry, since: date) -> Why | None:
    """Why the entry is not worked out at all: it repeats more often than a room is booked, or for too long."""
    if sum(each.value.count(",") + 1 for each in entry.properties if each.name in ("RDATE", "EXDATE")) > MOST_DATES:
        return "too_much"
    rules = [_rule(each) for each in entry.properties if each.name == "RRULE"]
    if len(rules) > MOST_RULES or any(_is_long(each) for each in entry.properties):
        return "too_much"
    if any(rule.get("FREQ") in TOO_OFTEN or _times_a_day(rule) > MOST_A_DAY for rule in rules):
        return "too_often"
    began = _date(entry.value("DTSTART")) or since
    return "too_much" if sum(_steps(rule, (since - began).days) for rule in rules) > MOST_STEPS else None


def has_sound_rules(entry: Entry) -> bool:
    """Whether each of its rules says how often, and goes forward."""
    rules = [_rule(each) for each in entry.properties if each.name == "RRULE"]
    return all(rule.get("FREQ") and _interval(rule) for rule in rules)


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
    step = STEP_DAYS[rules[0]["FREQ"]] * _interval(rules[0])
    long_ago = (since - began - 2 * FAR).days - (_days(*_span(entry)) or 0)
    by = timedelta(days=max(0, long_ago // step * step))
    properties = [
        each._replace(value=_later(each.value, by)) if each.name in ("DTSTART", "DTEND") else each
        for each in entry.properties
    ]
    return Entry(entry.line, entry.title, properties)


def clipped(entry: Entry, since: date, until: date) -> Entry:
    """The entry with an end that is out of reach brought near, and with it its start: some let a room for ever."""
    began, ended, days = _date(entry.value("DTSTART")), _date(entry.value("DTEND")), _days(*_span(entry)) or 0
    if began is None or days <= 2 * FAR.days or any(each.name in ("RRULE", "RDATE") for each in entry.properties):
        return entry
    first, last = since - FAR, until + FAR
    if ended is None and began.toordinal() + days <= last.toordinal():
        return entry
    start = next(each for each in entry.properties if each.name == "DTSTART")
    near_start = start._replace(value=_written(max(began, first)) + start.value[8:])
    is_over = ended is not None and ended < last
    end = next((each for each in entry.properties if each.name == "DTEND" and is_over), None)
    near_end = end or Property("DTEND", start.parameters, _written(last) + start.value[8:])
    rest = entry.without("DTSTART", "DTEND", "DURATION").properties
    return Entry(entry.line, entry.title, [near_start, near_end, *rest])


def without_zones(entry: Entry) -> Entry:
    """The entry with its times taken for the place's."""
    properties = [
        each._replace(parameters=re.sub(r';TZID=(?:"[^"]*"|[^;]*)', "", each.parameters)) for each in entry.properties
    ]
    return Entry(entry.line, entry.title, properties)


def _is_long(each: Property) -> bool:
    return len(each.parameters) > MOST_SIGNS or (len(each.value) > MOST_SIGNS and each.name not in ("RDATE", "EXDATE"))


def _times_a_day(rule: dict[str, str]) -> int:
    return prod(rule.get(part, "").count(",") + 1 for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))


def _steps(rule: dict[str, str], days: int) -> int:
    """How often the rule comes round in so many days."""
    steps = max(0, days) // (STEP_DAYS.get(rule.get("FREQ", ""), 31) * _interval(rule))
    return min(steps, _number(rule.get("COUNT", "")) or steps)


def _span(entry: Entry) -> tuple[str, str]:
    """Its start, and its end or its duration, as they are written; "" for what it has not."""
    return entry.value("DTSTART"), entry.value("DTEND") or entry.value("DURATION")


def _days(start: str, end: str) -> int | None:
    """At most how many days there are from a start to an end, or in a duration; None where they are unreadable."""
    duration = _DURATION.fullmatch(end)
    if duration:
        weeks, days, hours, minutes, seconds = (int(each or 0) for each in duration.groups())
        return 7 * weeks + days + (3600 * hours + 60 * minutes + seconds) // 86400 + 1
    began, ended = _date(start), _date(end)
    if began and ended:
        return max(0, (ended - began).days) + 1
    return None if end else 1


def _near_dates(values: str, first: int, until: date) -> str:
    """Of dates and periods those from the ordinal `first` on; what is no date stays, to be told."""
    earliest, last = _written(date.fromordinal(max(1, first))), _written(until + timedelta(days=2))
    near = []
    for value in values.split(","):
        start, _, end = value.partition("/")
        since = _written(date.fromordinal(max(1, first - (_days(start, end) or 0)))) if end else earliest
        if value and (since <= value[:8] <= last or not _LIKE_DATE.match(value)):
            near.append(value)
    return ",".join(near)


def _sound_date(value: str) -> str:
    """A date, a moment or a period as iCal writes it; "" for what is none, or ends before it starts."""
    start, is_period, end = value.partition("/")
    began, ended = as_moment(start), as_moment(end)
    if not _is_moment(began) or (is_period and len(began) == len("20261123")):
        return ""
    if not is_period:
        return began
    if _DURATION.fullmatch(end):
        return f"{began}/{end}" if re.search("[1-9]", end) else ""
    is_later = _is_moment(ended) and len(ended) == len(began) and ended > began
    return f"{began}/{ended}" if is_later else ""


def _is_moment(written: str) -> bool:
    try:
        datetime.strptime(written.rstrip("Z"), "%Y%m%dT%H%M%S" if "T" in written else "%Y%m%d")
    except ValueError:
        return False
    return True


def _rule(rule: Property) -> dict[str, str]:
    parts = (part.partition("=") for part in rule.value.split(";"))
    return {name: value for name, _, value in parts}


def _interval(rule: dict[str, str]) -> int:
    """Every how many days, weeks, months or years; 0 where that is unreadable or stands still."""
    return _number(rule.get("INTERVAL", "1")) or 0


def _number(text: str) -> int | None:
    """What digits say, or `_LARGE` where it is larger; None for anything else."""
    if not re.fullmatch("[0-9]+", text):
        return None
    digits = text.lstrip("0")
    return min(int(digits or "0"), _LARGE) if len(digits) <= 10 else _LARGE


def _date(value: str) -> date | None:
    found = _DATE.match(value)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _written(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _later(value: str, by: timedelta) -> str:
    """The moment so much later; as it was where it is unreadable, or where that is after the end of all calendars."""
    day = _date(value)
    return value if day is None or date.max - day < by else _written(day + by) + value[8:]
