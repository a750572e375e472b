"""Books of one's own, and a house that is open from 8 to 18 on weekdays."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from server.core.calendar.calendar import Calendar
from server.core.calendar.opening_hours import HouseHours
from server.core.house_rules import House, InForce
from server.store.database import Books, make_books


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    with make_books(tmp_path / "books.sqlite3") as books:
        yield books


@pytest.fixture
def house() -> House:
    return open_house()


def open_house() -> House:
    """Monday to Friday 8:00 to 18:00 in Paris, but for French holidays; check-out half an hour after closing."""
    return House([InForce(date.min, Calendar(HouseHours()), timedelta(minutes=30))])
