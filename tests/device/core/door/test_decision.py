from datetime import timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.access_list import AccessList, Capacity, Grant, Schedule
from device.contract.instant import Instant
from device.contract.messages import Reason
from device.core.door.compiled_list import NO_LIST, compiled
from device.core.door.decision import Circumstances, Presented, decide

PARIS = ZoneInfo("Europe/Paris")
MONDAY_9 = Instant.parse("2026-11-23T08:00:00.000Z")
BADGE = "uid:04A1B2C3D4E5F6"
KEYED = "ntag424:04A1B2C3D4E5F7"


def access_list(*, hard=False, mode="deny", **grant):
    fields: dict[str, Any] = {"credential": BADGE, "member": 17, "schedule": "house", "standing": "ok"}
    fields |= {"role": "member", "from_": "2026-01-01", "until": "9999-12-31"} | grant
    day = [("08:00", "18:00")]
    return compiled(
        AccessList(
            version=1,
            issued_at=MONDAY_9 - timedelta(hours=1),
            hard_anti_passback=hard,
            schedules={
                "house": Schedule(
                    weekly={"mon": day, "tue": day, "wed": day, "thu": day, "fri": day},
                    dates={"2026-12-25": [], "2026-12-05": [("09:00", "12:00")]},
                ),
                "concierge": Schedule(weekly={"mon": [("06:00", "23:00")]}, dates={}),
            },
            free_passage=[],
            capacity=Capacity(mode=mode, max=35),
            grants=[Grant(**fields)],
        )
    )


def around(at=MONDAY_9, *, trusted=True, mode="normal", present=17, inside=False):
    now = at if trusted else None
    return Circumstances(now, at.astimezone(PARIS) if trusted else None, mode, present, inside)


def entry(credential=BADGE, authentic=None):
    return Presented(credential, "entry", authentic)


def answer(presented, who, where):
    decision = decide(presented, who, where)
    return decision.verdict, decision.reason


TABLE = [
    ("1 exit", Presented("uid:00000000", "exit"), access_list(), around(), ("granted", "exit")),
    ("1 exit, revoked", Presented(BADGE, "exit"), access_list(standing="revoked"), around(), ("granted", "exit")),
    ("1 exit, locked", Presented(BADGE, "exit"), access_list(), around(mode="locked"), ("granted", "exit")),
    ("2 free passage", entry("uid:00000000"), access_list(), around(mode="free"), ("granted", "free_passage")),
    ("3 unknown", entry("uid:00000000"), access_list(), around(), ("denied", "unknown_credential")),
    ("3 no list yet", entry(), NO_LIST, around(), ("denied", "unknown_credential")),
    (
        "4 no proof",
        entry(KEYED, False),
        access_list(credential=KEYED, key="00" * 16),
        around(),
        ("denied", "not_authentic"),
    ),
    (
        "4 the same ID without its key",
        entry("uid:04A1B2C3D4E5F7"),
        access_list(credential=KEYED, key="00" * 16),
        around(),
        ("denied", "not_authentic"),
    ),
    ("4 a key that the list lacks", entry(KEYED), access_list(credential=KEYED), around(), ("denied", "not_authentic")),
    (
        "4 proved",
        entry(KEYED, True),
        access_list(credential=KEYED, key="00" * 16),
        around(),
        ("granted", "granted"),
    ),
    ("5 revoked", entry(), access_list(standing="revoked"), around(), ("denied", "revoked")),
    ("6 suspended", entry(), access_list(standing="suspended"), around(), ("denied", "suspended")),
    ("7 not yet", entry(), access_list(from_="2026-11-24"), around(), ("denied", "expired")),
    ("7 over", entry(), access_list(until="2026-11-22"), around(), ("denied", "expired")),
    (
        "7 first and last day included",
        entry(),
        access_list(from_="2026-11-23", until="2026-11-23"),
        around(),
        ("granted", "granted"),
    ),
    ("8 stale", entry(), access_list(), around(MONDAY_9 + timedelta(days=3)), ("denied", "stale_list")),
    (
        "8 72 h are not stale",
        entry(),
        access_list(),
        around(MONDAY_9 + timedelta(hours=71)),
        ("granted", "granted"),
    ),
    (
        "8 a millisecond more is",
        entry(),
        access_list(),
        around(MONDAY_9 + timedelta(hours=71, milliseconds=1)),
        ("denied", "stale_list"),
    ),
    (
        "8 concierges have a stale list too",
        entry(),
        access_list(role="concierge"),
        around(MONDAY_9 + timedelta(days=7)),
        ("granted", "granted"),
    ),
    (
        "9 before opening",
        entry(),
        access_list(),
        around(MONDAY_9 - timedelta(hours=1, milliseconds=1)),
        ("denied", "outside_hours"),
    ),
    ("9 at opening", entry(), access_list(), around(MONDAY_9 - timedelta(hours=1)), ("granted", "granted")),
    ("9 at closing", entry(), access_list(), around(MONDAY_9 + timedelta(hours=9)), ("denied", "outside_hours")),
    (
        "9 a concierge's own hours",
        entry(),
        access_list(schedule="concierge"),
        around(MONDAY_9 + timedelta(hours=9)),
        ("granted", "granted"),
    ),
    ("9 a schedule nobody knows", entry(), access_list(schedule="x"), around(), ("denied", "outside_hours")),
    ("9 locked", entry(), access_list(role="concierge"), around(mode="locked"), ("denied", "outside_hours")),
    ("10 no credit", entry(), access_list(standing="no_credit"), around(), ("denied", "no_credit")),
    ("11 full", entry(), access_list(), around(present=35), ("denied", "full")),
    ("11 one place left", entry(), access_list(), around(present=34), ("granted", "granted")),
    ("11 concierges are exempt", entry(), access_list(role="concierge"), around(present=99), ("granted", "granted")),
    ("11 only warned", entry(), access_list(mode="warn"), around(present=99), ("granted", "granted")),
    ("11 nobody knows how many", entry(), access_list(), around(present=None), ("granted", "granted")),
    ("12 soft", entry(), access_list(), around(inside=True), ("granted", "already_inside")),
    ("12 hard", entry(), access_list(hard=True), around(inside=True), ("denied", "already_inside")),
    ("13 otherwise", entry(), access_list(), around(), ("granted", "granted")),
]


@pytest.mark.parametrize(
    ("presented", "who", "where", "expected"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_each_row_of_the_table(presented, who, where, expected):
    assert answer(presented, who, where) == expected


def test_the_table_comes_to_every_reason():
    assert {reason for *_, (_verdict, reason) in TABLE} == set(get_args(Reason))


def test_the_first_of_several_refusals_is_told():
    worst = access_list(credential=KEYED, key="00" * 16, standing="revoked", until="2020-01-01", hard=True)
    where = around(MONDAY_9 + timedelta(days=5), present=40, inside=True)
    assert answer(entry(KEYED, False), worst, where) == ("denied", "not_authentic")
    assert answer(entry(KEYED, True), worst, where) == ("denied", "revoked")
    expired = access_list(standing="no_credit", until="2020-01-01")
    assert answer(entry(), expired, where) == ("denied", "expired")
    broke = access_list(standing="no_credit", hard=True)
    assert answer(entry(), broke, around(present=40, inside=True)) == ("denied", "no_credit")
    assert answer(entry(), access_list(hard=True), around(present=40, inside=True)) == ("denied", "full")


def test_without_a_trusted_clock_hours_dates_and_age_are_not_enforced():
    late = around(MONDAY_9 + timedelta(days=400), trusted=False, present=None)
    assert answer(entry(), access_list(until="2026-11-23"), late) == ("granted", "granted")


def test_without_a_trusted_clock_the_rest_is():
    night = around(trusted=False)
    assert answer(entry(), access_list(standing="suspended"), night) == ("denied", "suspended")
    assert answer(entry(), access_list(), around(trusted=False, mode="locked")) == ("denied", "outside_hours")


def test_a_public_holiday_is_closed_and_an_exceptional_opening_is_open():
    christmas = Instant.parse("2026-12-25T09:00:00.000Z")
    saturday = Instant.parse("2026-12-05T09:00:00.000Z")
    who = access_list(role="concierge")
    assert answer(entry(), who, around(christmas)) == ("denied", "outside_hours")
    assert answer(entry(), who, around(saturday)) == ("granted", "granted")


@given(st.integers(0, 7 * 10**12), st.sampled_from(["normal", "free", "locked"]), st.booleans())
def test_nobody_is_ever_locked_in(epoch_ms, mode, trusted):
    at = Instant.of_epoch_ms(epoch_ms)
    for who in (NO_LIST, access_list(standing="revoked", hard=True, until="2000-01-01")):
        assert decide(Presented(BADGE, "exit"), who, around(at, mode=mode, trusted=trusted, present=99)).granted
