"""What the books hold of one member, table by table: how it is handed out, and what becomes of it when they are
forgotten (rules 5). A test demands a part for each column of `server.core.retention.table` that is a member's."""

from typing import NamedTuple

from server.store.database import Database


class PersonalTable(NamedTuple):
    """One part of what is known: how it is handed out, and what of it goes with the person. `?1` is their number.

    How long the rest is kept, and by which right, is in `server.core.retention.table`.
    """

    name: str
    export: str
    forget: str = ""


PERSONAL_TABLES: tuple[PersonalTable, ...] = (
    PersonalTable(
        "badges",
        "SELECT credential, assigned_at, last_day, ended_at, ended_as, key_version, proved_at FROM badges LEFT JOIN"
        " badge_keys ON credential = scheme || ':' || identity AND ended_at IS NULL WHERE member = ?1 ORDER BY id",
        "DELETE FROM badges WHERE member = ?1",
    ),
    PersonalTable("visits", "SELECT day, began_at, ended_at, automatic FROM stays WHERE member = ?1 ORDER BY day, nth"),
    PersonalTable("irregularities", "SELECT day, at, remark FROM remarks WHERE member = ?1 ORDER BY day, nth"),
    PersonalTable(
        "desk_entries",
        "SELECT at, side, operator, written_at, lifted_at FROM desk_entries WHERE member = ?1 ORDER BY at",
    ),
    PersonalTable(
        "time_used",
        "SELECT day, morning_ms, afternoon_ms, automatic FROM used_time WHERE member = ?1 ORDER BY day",
    ),
    PersonalTable(
        "events",
        "SELECT unit, at, kind, json(body) AS event FROM events JOIN heads ON heads.id = head"
        " WHERE member = ?1 ORDER BY at, events.id",
        "UPDATE events SET body = json_set(body, '$.credential', NULL) WHERE member = ?1"
        " AND json_extract(body, '$.credential') IS NOT NULL",
    ),
    PersonalTable("guests", "SELECT name, golden, day, arrived_at, left_at FROM guests WHERE member = ?1 ORDER BY id"),
    PersonalTable(
        "visits_as_guest",
        "SELECT name, golden, day, arrived_at, left_at FROM guests WHERE invited = ?1 ORDER BY id",
        "UPDATE guests SET name = NULL, imprint = NULL WHERE invited = ?1",
    ),
    PersonalTable("sales", "SELECT * FROM sales WHERE member = ?1 ORDER BY number"),
    PersonalTable("gifts", "SELECT * FROM gifts WHERE member = ?1 ORDER BY id"),
    PersonalTable("tickets", "SELECT * FROM lots WHERE member = ?1 ORDER BY id"),
    PersonalTable(
        "prolongations",
        "SELECT prolongations.* FROM prolongations JOIN lots ON lots.id = lot WHERE member = ?1"
        " ORDER BY prolongations.id",
    ),
    PersonalTable("passes", "SELECT * FROM held_passes WHERE member = ?1 ORDER BY id"),
    PersonalTable("corrections", "SELECT * FROM corrections WHERE member = ?1 ORDER BY id"),
    PersonalTable("ledger", "SELECT * FROM ledger WHERE member = ?1 ORDER BY id"),
    PersonalTable(
        "charged_days",
        "SELECT day, payer, half_days, minutes FROM day_books WHERE member = ?1 ORDER BY day",
    ),
    PersonalTable("expired_tickets", "SELECT lot, number FROM expired_lots WHERE member = ?1 ORDER BY lot"),
    PersonalTable("balance", "SELECT * FROM standings WHERE member = ?1"),
    PersonalTable("balance_forward", "SELECT day FROM balances_forward WHERE member = ?1"),
    PersonalTable("checkpoints", "SELECT day FROM checkpoints WHERE member = ?1 ORDER BY day"),
    PersonalTable(
        "changes",
        "SELECT at, operator, what, subject, before, after FROM changes WHERE member = ?1 ORDER BY id",
        "UPDATE changes SET before = NULL, after = NULL, subject = '' WHERE member = ?1",
    ),
    PersonalTable(
        "evacuations",
        "SELECT began_at, drill, safe_at, muster_people.operator FROM muster_people"
        " JOIN musters ON musters.id = muster WHERE person = 'm' || ?1 ORDER BY muster",
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
