"""All that is known of one member (rules 5), as one document that they can be given."""

from server.store.database import Database
from server.store.people import badges, members


def everything_about(db: Database, member: int) -> dict[str, object]:
    """The person, badges, visits, door events, guests, books; raises `Refusal` where there is no such member."""
    person = members.find(db, member)
    return {
        "member": person,
        "badges": badges.every(db, member=member),
        "visits": _rows(
            db, "SELECT day, began_at, ended_at, automatic FROM stays WHERE member = ? ORDER BY day, nth", member
        ),
        "desk_entries": _rows(
            db,
            "SELECT at, side, operator, written_at, lifted_at FROM desk_entries WHERE member = ? ORDER BY at",
            member,
        ),
        "events": _rows(
            db,
            "SELECT unit, at, kind, json(body) AS event FROM events JOIN heads ON heads.id = head"
            " WHERE member = ? ORDER BY at, events.id",
            member,
        ),
        "guests": _rows(
            db, "SELECT name, golden, day, arrived_at, left_at FROM guests WHERE member = ? ORDER BY id", member
        ),
        "sales": _rows(db, "SELECT * FROM sales WHERE member = ? ORDER BY number", member),
        "gifts": _rows(db, "SELECT * FROM gifts WHERE member = ? ORDER BY id", member),
        "tickets": _rows(db, "SELECT * FROM lots WHERE member = ? ORDER BY id", member),
        "passes": _rows(db, "SELECT * FROM held_passes WHERE member = ? ORDER BY id", member),
        "corrections": _rows(db, "SELECT * FROM corrections WHERE member = ? ORDER BY id", member),
        "ledger": _rows(db, "SELECT * FROM ledger WHERE member = ? ORDER BY id", member),
    }


def _rows(db: Database, sql: str, member: int) -> list[dict[str, object]]:
    return [dict(row) for row in db.rows(sql, (member,))]
