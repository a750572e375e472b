"""When a schedule admits: to the minute, dates before weekdays, in the place's own time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from device.contract.access_list import Schedule
from device.core.door.schedule import NEVER, local_schedule

PARIS = ZoneInfo("Europe/Paris")
SCHEDULE = local_schedule(
    Schedule(
        weekly={"mon": [("08:30", "12:15"), ("13:45", "24:00")], "sun": [("00:00", "00:01")]},
        dates={"2026-11-30": [], "2026-12-05": [("09:10", "09:20")]},
    )
)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T08:29:59", False),
        ("2026-11-23T08:30", True),
        ("2026-11-23T12:14:59", True),
        ("2026-11-23T12:15", False),
        ("2026-11-23T13:44", False),
        ("2026-11-23T13:45", True),
        ("2026-11-23T23:59:59", True),
        ("2026-11-24T00:00", False),
        ("2026-11-24T10:00", False),
        ("2026-11-29T00:00:59", True),
        ("2026-11-29T00:01", False),
        ("2026-11-30T10:00", False),
        ("2026-12-05T09:09", False),
        ("2026-12-05T09:10", True),
        ("2026-12-05T09:20", False),
        ("2026-12-07T08:30", True),
    ],
)
def test_a_schedule_admits_to_the_minute(moment, is_open):
    assert SCHEDULE.holds(datetime.fromisoformat(moment).replace(tzinfo=PARIS)) == is_open
    assert not NEVER.holds(datetime.fromisoformat(moment).replace(tzinfo=PARIS))
