"""The purge: whatever is past its time is removed, in steps that are one transaction each, so that no tap waits long.

Each step looks what there is before it acts: a purge that was cut short goes on where it was, and a second one finds
nothing.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from server.accounts.work import Work
from server.core.house_rules import HouseRules
from server.core.retention.periods import last_days
from server.ingest import recount
from server.people.forget import forget
from server.retention.years import close_member
from server.store.accounts import sales
from server.store.database import Database
from server.store.retention import leftovers, names, removals, years

LONGEST_OVER_MIDNIGHT = 400
"""Dates looked back over for one at whose end nobody was in."""


@dataclass
class Purged:
    """What was removed: rows by table, members forgotten, and through which date nobody is named, nothing is booked."""

    rows: Counter[str] = field(default_factory=Counter)
    forgotten: list[int] = field(default_factory=list)
    names_through: date | None = None
    books_through: date | None = None

    def count(self, rows: dict[str, int]) -> None:
        """Adds rows by table."""
        self.rows.update({table: number for table, number in rows.items() if number})


def steps(work: Work, purged: Purged) -> Iterator[None]:
    """Everything that is past its time, told in `purged`; each turn is one transaction."""
    db, rules = work.db, work.settings.rules
    recount.check_out_due(work)
    work.accounts.bring_up_due(work.now)
    over = last_days(work.today, rules.names_kept_months, rules.books_kept_years)
    yield from _take_names(work, max(over.names, over.books), purged)
    if removals.through(db, "names") >= over.books:
        yield from _close_years(work, over.books, purged)
    with db.writing():
        purged.count(leftovers.remove(db, over, work.now))
    yield
    for member in leftovers.leavers(db, over.books):
        with db.writing():
            forget(db, member, now=work.now)
        purged.forgotten.append(member)
        yield
    purged.names_through, purged.books_through = (_known(removals.through(db, what)) for what in ("names", "books"))


def purge(work: Work) -> Purged:
    """All of it at once; for who has the books alone, or beside a server between whose transactions it finds room."""
    purged = Purged()
    for _ in steps(work, purged):
        pass
    return purged


def _take_names(work: Work, last: date, purged: Purged) -> Iterator[None]:
    db, house = work.db, work.house
    last = _boundary(db, house, last)
    for day in names.named_days(db, removals.through(db, "names"), last):
        with db.writing():
            removals.note(db, "names", day, now=work.now)
            purged.count(names.remove(db, house, day, work.now))
        yield
    if removals.through(db, "names") < last:
        with db.writing():
            removals.note(db, "names", last, now=work.now)


def _boundary(db: Database, house: HouseRules, last: date) -> date:
    """The date up to which names go: the next is reckoned without it, so nobody may have stayed in over midnight."""
    earlier = (last - timedelta(days=back) for back in range(LONGEST_OVER_MIDNIGHT))
    return next((day for day in earlier if not names.goes_on(db, house, day)), date.min)


def _close_years(work: Work, last: date, purged: Purged) -> Iterator[None]:
    db = work.db
    first = years.first_year(db)
    if first is None or first > last.year:
        return
    with db.writing():
        if removals.through(db, "books") < last:
            removals.note(db, "books", last, now=work.now)
            sales.note_removed(db, last)
    yield
    for member in years.members_to_close(db, last):
        with db.writing():
            purged.count(close_member(db, work.house, member, last, work.now))
        yield
    with db.writing():  # last of all: who hosted whom has a part in the balances
        purged.count(years.remove_beside(db, last))
    yield


def _known(day: date) -> date | None:
    return None if day == date.min else day
