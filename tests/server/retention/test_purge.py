"""A place that forgets who came when, and years that are over: its counts, its charges and its balances stay."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from device.contract.messages import Passage
from server.accounts import credit, sales
from server.accounts.corrections import correct
from server.accounts.explanation_text import lines
from server.accounts.statement import Statement, explained, statement
from server.accounts.work import Work
from server.core.calendar.calendar import days_between
from server.core.calendar.opening_hours import Span
from server.desk.reports import attendance_days, occupied_hours
from server.errors import Refusal
from server.i18n.speech import PLACE
from server.ingest import recount
from server.presence.attendance import attendance
from server.retention.purge import Purged, purge, steps
from server.site.settings import RuleSettings, ServerSettings
from server.store.accounts import ledger
from server.store.accounts import sales as sales_store
from server.store.database import Database, open_database
from server.store.journal import faults, journal
from server.store.people import members
from server.verify.verify import verify
from tests.orders import work_at
from tests.server.core.charge.member_days import local
from tests.server.ledger_place import HOUSE, LedgerPlace, credential, passage
from tests.ten_years import Regulars, arrivals

FIRST, LAST = date(2024, 11, 4), date(2025, 1, 31)
NEXT_YEAR = date(2026, 1, 5)
YEAR_END = date(2024, 12, 31)
OLD = date(2026, 3, 2)
YEARS = ServerSettings(rules=RuleSettings(names_kept_months=1, books_kept_years=1))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[LedgerPlace]:
    place = LedgerPlace(tmp_path)
    yield place
    place.db.close()


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months of a place over the end of a year, in a file to copy."""
    place = LedgerPlace(tmp_path_factory.mktemp("life"))
    regulars = Regulars(place.db, HOUSE, place.settings, Random(7))
    regulars.settle_in(FIRST, ("door",))
    sent = 0
    for day in days_between(FIRST, LAST):
        if not HOUSE.calendars.on(day).is_open_day(day):
            continue
        regulars.buy(local("7:00", day))
        place.ingest.drop_cache()
        with place.db.writing():
            place.accounts.bring_up_due(local("7:00", day))
            visits = regulars.visits(day, 25)
            place.ingest.keep(list(arrivals("door", visits, sent + 1)), visits[-1].at)
            sent += len(visits)
            recount.check_out_due(work_at(local("19:00", day), place.db, HOUSE))
    place.db.leave_no_trace()
    place.db.close()
    return place.db.path


@pytest.fixture
def lived(life: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(life, tmp_path / "books.sqlite3")
    with open_database(tmp_path / "books.sqlite3") as db:
        yield db


def told(db: Database, day: date) -> dict[int, Statement]:
    now = local("12:00", day)
    return {member.id: statement(db, HOUSE, member.id, now) for member in members.every(db)}


def reported(db: Database, day: date) -> tuple[object, ...]:
    now = local("12:00", day)
    return (
        attendance_days(db, FIRST, LAST),
        occupied_hours(db, HOUSE, FIRST, LAST, now),
        [len(attendance(db, HOUSE, local("11:00", each)).members) for each in (FIRST, LAST)],
    )


def purged_on(db: Database, day: date, settings: ServerSettings | None = None) -> Purged:
    return purge(work_at(local("12:00", day), db, HOUSE, settings=settings))


def test_charges_counts_and_balances_stay_when_the_names_go(lived: Database) -> None:
    day = date(2025, 4, 1)
    statements, reports = told(lived, day), reported(lived, day)
    assert reports[2][0] > 0  # type: ignore[index]
    purged = purged_on(lived, day)
    assert purged.names_through == date(2024, 12, 31)
    assert told(lived, day) == statements
    assert reported(lived, day)[:2] == reports[:2]
    assert attendance(lived, HOUSE, local("11:00", FIRST)).nameless == reports[2][0]  # type: ignore[index]
    assert verify(lived, HOUSE, local("12:00", day)) == []
    named = "SELECT count(*) FROM events WHERE day <= ? AND (member IS NOT NULL OR body LIKE '%uid:%')"
    assert lived.value(named, ("2024-12-31",)) == 0
    assert lived.value(named, ("2025-01-31",)) > 0
    assert lived.value("SELECT count(*) FROM stays WHERE day <= '2024-12-31'") == 0


def test_a_second_purge_finds_nothing(lived: Database) -> None:
    purged_on(lived, NEXT_YEAR, YEARS)
    assert purged_on(lived, NEXT_YEAR, YEARS).rows == {}


def test_a_closed_year_goes_and_every_balance_is_the_sum_of_its_entries(lived: Database) -> None:
    now = local("12:00", NEXT_YEAR)
    work_at(now, lived, HOUSE).accounts.bring_up_due(now)
    before = told(lived, NEXT_YEAR)
    sums = {member: _summed(lived, member) for member in before}
    purged = purged_on(lived, NEXT_YEAR, YEARS)
    assert purged.books_through == YEAR_END
    after = told(lived, NEXT_YEAR)
    for member, known in before.items():
        assert (after[member].held, after[member].owed_cents) == (known.held, known.owed_cents)
        kept = [line for line in known.days if line.date > YEAR_END]
        assert [line for line in after[member].days if line.date > YEAR_END] == kept
        assert _summed(lived, member) == {key: sums[member][key] for key in _summed(lived, member)}
    assert verify(lived, HOUSE, local("12:00", NEXT_YEAR)) == []
    assert sales_store.between(lived, FIRST, YEAR_END) == []
    assert lived.rows("PRAGMA foreign_key_check") == []


def test_a_purge_that_is_cut_anywhere_goes_on_where_it_was(life: Path, tmp_path: Path) -> None:
    whole = _purged_copy(life, tmp_path / "whole.sqlite3", lambda work: purge(work))

    def in_pieces(work: Work) -> None:
        for cut in (1, 3, 20, 60, 90):
            for _ in zip(range(cut), steps(work, Purged()), strict=False):
                pass
        purge(work)

    assert _purged_copy(life, tmp_path / "cut.sqlite3", in_pieces) == whole


def test_numbers_of_sales_go_on_after_a_year_was_removed(lived: Database) -> None:
    last = int(lived.value("SELECT max(number) FROM sales"))
    purged_on(lived, date(2028, 1, 5), YEARS)
    assert lived.value("SELECT count(*) FROM sales") == 0
    work = work_at(local("12:00", date(2028, 1, 5)), lived, HOUSE)
    member = members.add(lived, "New", now=work.now).id
    assert sales.sell(work, member, "ticket-day").number == last + 1
    assert verify(lived, HOUSE, work.now) == []


def test_who_left_long_ago_is_forgotten_and_who_still_comes_is_not(lived: Database) -> None:
    lived.execute("UPDATE badges SET ended_at = '2025-02-01T12:00:00.000Z', ended_as = 'returned' WHERE member > 1")
    purged = purged_on(lived, date(2028, 1, 5), YEARS)
    assert 1 not in purged.forgotten
    assert len(purged.forgotten) > 50
    assert lived.value("SELECT count(*) FROM members WHERE forgotten_at IS NULL AND name <> ''") == 1


def test_a_passage_of_a_date_without_names_is_set_aside_without_its_badge(place: LedgerPlace) -> None:
    day = date(2026, 3, 2)
    place.sell("carnet-day", on=day)
    place.came("9:00-12:00", day=day)
    place.at("12:00", date(2026, 8, 3))
    purge(place.work())
    before = place.statement()
    place.ingest.drop_cache()
    place.keep([passage(place.ada, "entry", local("14:00", day))])
    assert place.statement() == before
    (fault,) = faults.newest(place.db)
    assert fault.kind == "old"
    assert "names were removed" in fault.fault
    assert credential(place.ada).encode() not in fault.payload
    assert place.verified() == []


def test_a_date_without_names_can_be_explained_and_corrected(place: LedgerPlace) -> None:
    day = date(2026, 3, 2)
    place.sell("carnet-half-day", on=day)
    place.came("9:00-12:00", day=day)
    place.at("12:00", date(2026, 8, 3))
    purge(place.work())
    assert place.day(day).took == {"half_day": 1}
    told_of_it = explained(place.db, HOUSE, place.ada, day, place.now)
    assert told_of_it is not None
    assert told_of_it.explanation.stays == ()
    assert "Les heures ne sont plus gardées ; la durée l'est." in " ".join(
        lines(told_of_it.explanation, PLACE)
    ).replace("\u00a0", " ")
    correct(place.work(), place.ada, day, reason="was there all day", presence=[Span(9 * 60, 17 * 60)])
    assert place.day(day).took == {"half_day": 2}
    assert place.verified() == []


def test_the_desk_cannot_check_in_on_a_date_without_names(place: LedgerPlace) -> None:
    purge(place.at("12:00", date(2026, 8, 3)).work())
    with pytest.raises(Refusal, match="names_removed"):
        recount.enter_by_desk(place.work(), place.ada, "entry", at=local("9:00", date(2026, 3, 2)))


def test_passages_that_named_somebody_make_no_count_uncertain_afterwards(place: LedgerPlace) -> None:
    day = date(2026, 3, 2)
    place.came("9:00-12:00", day=day)
    place.keep([Passage(at=local("12:30", day), clock="synced", credential=None, side="exit", by="rex")])
    assert journal.count_nameless(place.db, day) == 1
    purge(place.at("12:00", date(2026, 8, 3)).work())
    assert journal.count_nameless(place.db, day) == 1


def test_a_sale_of_a_closed_year_that_is_taken_back_later_stays_with_it(place: LedgerPlace) -> None:
    december, january = date(2024, 12, 2), date(2025, 1, 6)
    wrong = place.at("9:00", december).sell("carnet-day").number
    place.sell("carnet-half-day")
    place.came("9:00-12:00", day=december)
    sales.cancel(place.at("9:00", january).work(), wrong, reason="typed twice")
    credit.give(place.work(), place.ada, "day", 2, reason="the cleaning")
    place.settings = YEARS
    place.at("12:00", NEXT_YEAR)
    before = place.statement()
    purge(place.work())
    assert place.verified() == []
    assert place.statement().held == before.held
    assert [sale.number for sale in sales_store.of_member(place.db, place.ada)] == [1, 3]


def test_what_is_owed_over_the_end_of_a_year_is_paid_and_covered_after_it(place: LedgerPlace) -> None:
    place.at("8:00", date(2024, 12, 30)).came("9:00-11:30", day=date(2024, 12, 30))
    place.came("9:00-10:30", day=date(2024, 12, 31))
    place.at("9:00", date(2025, 1, 6))
    sales.pay(place.work(), place.ada, 300)
    place.settings = YEARS
    place.at("12:00", NEXT_YEAR)
    owed_cents = place.statement().owed_cents
    assert owed_cents > 0
    purge(place.work())
    assert (place.statement().owed_cents, place.verified()) == (owed_cents, [])
    place.sell("carnet-half-day")
    assert (place.statement().owed_cents, place.verified()) == (0, [])


def test_a_year_that_was_removed_takes_no_sale_any_more(place: LedgerPlace) -> None:
    place.at("9:00", date(2024, 12, 2)).sell("carnet-day")
    place.settings = YEARS
    purge(place.at("12:00", NEXT_YEAR).work())
    with pytest.raises(Refusal, match="year_removed"):
        place.sell("ticket-day", on=date(2024, 12, 20))


def test_not_one_byte_of_a_name_or_a_badge_is_left_in_the_file_or_its_log(place: LedgerPlace) -> None:
    badge = credential(place.ada).encode()
    place.at("8:00", OLD).came("9:00-12:00", day=OLD)
    place.sell("carnet-day", on=OLD)
    place.keep([passage(place.ada, "exit", local("12:30", OLD))])
    members.edit(place.db, place.ada, name="Zebulon Quux", email="zebulon@example.org")
    place.db.execute("UPDATE badges SET ended_at = '2026-04-01T12:00:00.000Z', ended_as = 'returned'")
    place.db.execute(
        "INSERT INTO changes (at, operator, what, member, subject, before) VALUES"
        " ('2026-03-02T09:00:00.000Z', 'Marie', 'member.edit', 1, 'Zebulon Quux', '{\"name\": \"Zebulon Quux\"}')"
    )
    place.settings = YEARS
    place.at("12:00", date(2029, 6, 5))
    assert b"Quux" in _bytes(place.db)
    assert badge in _bytes(place.db)
    assert purge(place.work()).forgotten == [place.ada]
    assert place.db.leave_no_trace()
    for trace in (b"Quux", b"zebulon", badge, badge.partition(b":")[2]):
        assert trace not in _bytes(place.db)
    assert place.verified() == []


def _bytes(db: Database) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(db.path.parent.glob(f"{db.path.name}*")))


def _summed(db: Database, member: int) -> dict[tuple[object, ...], int]:
    """What the entries of a member come to, by thing, of what is not used up."""
    found: dict[tuple[object, ...], int] = {}
    for entry in ledger.of_member(db, member):
        key = (entry.what, entry.lot, entry.held_pass)
        found[key] = found.get(key, 0) + entry.amount
    return found


def _purged_copy(life: Path, path: Path, act: Callable[[Work], object]) -> list[tuple[object, ...]]:
    shutil.copy(life, path)
    with open_database(path) as db:
        act(work_at(local("12:00", NEXT_YEAR), db, HOUSE, settings=YEARS))
        assert verify(db, HOUSE, local("12:00", NEXT_YEAR)) == []
        tables = ("ledger", "day_books", "sales", "lots", "held_passes", "used_time", "balances_forward", "standings")
        return [tuple(row) for table in tables for row in db.rows(f"SELECT * FROM {table}") if table != "ledger"] + [
            tuple(row)
            for row in db.rows("SELECT member, day, kind, what, lot, amount FROM ledger ORDER BY 1, 2, 3, 4, 5, 6")
        ]
