"""All that is known of one member (rules 5), as one document that they can be given."""

from server.store.database import Books
from server.store.people import badges, members


def everything_about(books: Books, member: int) -> dict[str, object]:
    """The person, badges, visits, door events, guests, books; raises `Refusal` where there is no such member."""
    person = members.find(books, member)
    return {
        "member": person,
        "badges": badges.every(books, member=member),
        "visits": _rows(
            books, "SELECT day, began_at, ended_at, automatic FROM stays WHERE member = ? ORDER BY day, nth", member
        ),
        "desk_entries": _rows(
            books,
            "SELECT at, side, operator, written_at, lifted_at FROM desk_entries WHERE member = ? ORDER BY at",
            member,
        ),
        "events": _rows(
            books,
            "SELECT unit, at, kind, json(body) AS event FROM events JOIN heads ON heads.id = head"
            " WHERE member = ? ORDER BY at, events.id",
            member,
        ),
        "guests": _rows(
            books, "SELECT name, golden, day, arrived_at, left_at FROM guests WHERE member = ? ORDER BY id", member
        ),
        "sales": _rows(books, "SELECT * FROM sales WHERE member = ? ORDER BY number", member),
        "gifts": _rows(books, "SELECT * FROM gifts WHERE member = ? ORDER BY id", member),
        "tickets": _rows(books, "SELECT * FROM lots WHERE member = ? ORDER BY id", member),
        "passes": _rows(books, "SELECT * FROM held_passes WHERE member = ? ORDER BY id", member),
        "corrections": _rows(books, "SELECT * FROM corrections WHERE member = ? ORDER BY id", member),
        "ledger": _rows(books, "SELECT * FROM ledger WHERE member = ? ORDER BY id", member),
    }


def _rows(books: Books, sql: str, member: int) -> list[dict[str, object]]:
    return [dict(row) for row in books.rows(sql, (member,))]
