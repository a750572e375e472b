"""What the books hold of one member, table by table: how it is handed out, and what becomes of it when they are
forgotten (rules 5). A test walks the schema and demands an entry for each column that names a member."""

from typing import NamedTuple

from server.store.database import Database


class PersonalTable(NamedTuple):
    """One part of what is known. In each query `?1` is the member's number.

    `columns` are those of the schema that name a member, as `table.column`; `stays` says why what `forget` leaves, or
    all of it where there is no such statement, is kept.
    """

    name: str
    columns: tuple[str, ...]
    export: str
    stays: str
    forget: str = ""


BOOKS = "sales and books are kept for ten years; they name a number alone"
COUNTS = "the counts of the place stay right; it names a number alone"
COMPUTED = "computed from the books; it names a number alone"

PERSONAL_TABLES: tuple[PersonalTable, ...] = (
    PersonalTable(
        "badges",
        ("badges.member",),
        "SELECT credential, assigned_at, last_day, ended_at, ended_as FROM badges WHERE member = ?1 ORDER BY id",
        "",
        "DELETE FROM badges WHERE member = ?1",
    ),
    PersonalTable(
        "visits",
        ("stays.member",),
        "SELECT day, began_at, ended_at, automatic FROM stays WHERE member = ?1 ORDER BY day, nth",
        COUNTS,
    ),
    PersonalTable(
        "irregularities",
        ("remarks.member",),
        "SELECT day, at, remark FROM remarks WHERE member = ?1 ORDER BY day, nth",
        COUNTS,
    ),
    PersonalTable(
        "desk_entries",
        ("desk_entries.member",),
        "SELECT at, side, operator, written_at, lifted_at FROM desk_entries WHERE member = ?1 ORDER BY at",
        COUNTS,
    ),
    PersonalTable(
        "events",
        ("events.member",),
        "SELECT unit, at, kind, json(body) AS event FROM events JOIN heads ON heads.id = head"
        " WHERE member = ?1 ORDER BY at, events.id",
        COUNTS,
        "UPDATE events SET body = json_set(body, '$.credential', NULL) WHERE member = ?1"
        " AND json_extract(body, '$.credential') IS NOT NULL",
    ),
    PersonalTable(
        "guests",
        ("guests.member",),
        "SELECT name, golden, day, arrived_at, left_at FROM guests WHERE member = ?1 ORDER BY id",
        COUNTS,
    ),
    PersonalTable(
        "visits_as_guest",
        ("guests.invited",),
        "SELECT name, golden, day, arrived_at, left_at FROM guests WHERE invited = ?1 ORDER BY id",
        COUNTS,
        "UPDATE guests SET name = NULL WHERE invited = ?1",
    ),
    PersonalTable("sales", ("sales.member",), "SELECT * FROM sales WHERE member = ?1 ORDER BY number", BOOKS),
    PersonalTable("gifts", ("gifts.member",), "SELECT * FROM gifts WHERE member = ?1 ORDER BY id", BOOKS),
    PersonalTable("tickets", ("lots.member",), "SELECT * FROM lots WHERE member = ?1 ORDER BY id", BOOKS),
    PersonalTable(
        "prolongations",
        ("prolongations.lot",),
        "SELECT prolongations.* FROM prolongations JOIN lots ON lots.id = lot WHERE member = ?1"
        " ORDER BY prolongations.id",
        BOOKS,
    ),
    PersonalTable("passes", ("held_passes.member",), "SELECT * FROM held_passes WHERE member = ?1 ORDER BY id", BOOKS),
    PersonalTable(
        "corrections", ("corrections.member",), "SELECT * FROM corrections WHERE member = ?1 ORDER BY id", BOOKS
    ),
    PersonalTable("ledger", ("ledger.member",), "SELECT * FROM ledger WHERE member = ?1 ORDER BY id", BOOKS),
    PersonalTable(
        "charged_days",
        ("day_books.member",),
        "SELECT day, payer, half_days, minutes FROM day_books WHERE member = ?1 ORDER BY day",
        BOOKS,
    ),
    PersonalTable(
        "expired_tickets",
        ("expired_lots.member",),
        "SELECT lot, number FROM expired_lots WHERE member = ?1 ORDER BY lot",
        COMPUTED,
    ),
    PersonalTable("balance", ("standings.member",), "SELECT * FROM standings WHERE member = ?1", COMPUTED),
    PersonalTable(
        "checkpoints", ("checkpoints.member",), "SELECT day FROM checkpoints WHERE member = ?1 ORDER BY day", COMPUTED
    ),
    PersonalTable(
        "changes",
        ("changes.member",),
        "SELECT at, operator, what, subject, before, after FROM changes WHERE member = ?1 ORDER BY id",
        "that something was done to their number stays",
        "UPDATE changes SET before = NULL, after = NULL, subject = '' WHERE member = ?1",
    ),
    PersonalTable(
        "evacuations",
        ("muster_people.person",),
        "SELECT began_at, drill, safe_at, muster_people.operator FROM muster_people"
        " JOIN musters ON musters.id = muster WHERE person = 'm' || ?1 ORDER BY muster",
        COUNTS,
    ),
)
"""By the name that each has in the export."""


def exported(db: Database, member: int) -> dict[str, list[dict[str, object]]]:
    """Every row about a member, by the name of its part."""
    return {table.name: [dict(row) for row in db.rows(table.export, (member,))] for table in PERSONAL_TABLES}


def forget(db: Database, member: int) -> None:
    """Takes out what says who a member is, within the transaction that is open; their number stays."""
    for table in PERSONAL_TABLES:
        if table.forget:
            db.execute(table.forget, (member,))
