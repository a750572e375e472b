"""Books of one's own, and a house that is open from 8 to 18 on weekdays."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from server.core.calendar.calendar import Calendar
from server.core.calendar.opening_hours import HouseHours
from server.core.house_rules import HouseRules, InForce
from server.store.database import Database, make_database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with make_database(tmp_path / "books.sqlite3") as db:
        yield db


@pytest.fixture
def house() -> HouseRules:
    return open_house()


def open_house() -> HouseRules:
    """Monday to Friday 8:00 to 18:00 in Paris, but for French holidays; check-out half an hour after closing."""
    return HouseRules([InForce(date.min, Calendar(HouseHours()), timedelta(minutes=30))])
