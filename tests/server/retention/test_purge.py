"""A place that forgets who came when, and years that are over: its counts, its charges and its balances stay."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from server.accounts.statement import statement
from server.desk.reports import attendance_days, occupied_hours
from server.retention.purge import purge
from server.site.settings import RuleSettings, ServerSettings
from server.verify.verify import verify
from tests.orders import work_at
from tests.server.core.charge.member_days import local
from tests.server.ledger_place import LedgerPlace
from tests.ten_years import Regulars, live_through

FIRST, LAST = date(2024, 9, 2), date(2026, 2, 27)
TODAY = date(2026, 3, 2)
SHORT = ServerSettings(rules=RuleSettings(names_kept_months=1, books_kept_years=1))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[LedgerPlace]:
    place = LedgerPlace(tmp_path)
    yield place
    place.db.close()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year and a half of a place, in a file to copy."""
    folder = tmp_path_factory.mktemp("lived")
    place = LedgerPlace(folder)
    regulars = Regulars(place.db, place.house, place.settings, Random(7))
    regulars.settle_in(FIRST, ("door",))
    live_through(regulars, FIRST, LAST, "door")
    place.db.leave_no_trace()
    place.db.close()
    return folder / "books.sqlite3"


def test_scratch(lived: Path, tmp_path: Path) -> None:
    import shutil
    import time

    from server.store.database import open_database
    from tests.server.ledger_place import HOUSE

    shutil.copy(lived, tmp_path / "books.sqlite3")
    with open_database(tmp_path / "books.sqlite3") as db:
        now = local("12:00", TODAY)
        assert verify(db, HOUSE, now) == []

        def all_told():
            members = [r[0] for r in db.rows("SELECT id FROM members WHERE forgotten_at IS NULL")]
            return {m: statement(db, HOUSE, m, now) for m in members}

        before = all_told()
        reports = (attendance_days(db, FIRST, LAST), occupied_hours(db, HOUSE, FIRST, LAST, now))
        t = time.time()
        print(purge(work_at(now, db, HOUSE)))
        print("names", time.time() - t)
        found = verify(db, HOUSE, now)
        print(len(found), found[:5])
        after = all_told()
        assert before == after
        assert reports == (attendance_days(db, FIRST, LAST), occupied_hours(db, HOUSE, FIRST, LAST, now))
        assert found == []
        t = time.time()
        print(purge(work_at(now, db, HOUSE, settings=SHORT)))
        print("books", time.time() - t)
        found = verify(db, HOUSE, now)
        print(len(found), found[:5])
        after = all_told()
        for m in before:
            assert (before[m].held, before[m].owed_cents, before[m].nomade_left) == (
                after[m].held,
                after[m].owed_cents,
                after[m].nomade_left,
            )
            assert [d for d in before[m].days if d.date > date(2024, 12, 31)] == [
                d for d in after[m].days if d.date > date(2024, 12, 31)
            ]
        assert found == []
