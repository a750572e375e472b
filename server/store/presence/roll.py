"""What the evacuation list needs beside who is in."""

from datetime import date

from server.store.database import Database


def let_in_by_desk(db: Database, day: date) -> set[int]:
    """The members whose last movement of `day` an operator wrote: no badge says that they are in."""
    sql = """
        SELECT member FROM desk_entries WHERE day = ?1 AND side = 'entry' AND lifted_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM events WHERE events.member = desk_entries.member AND events.day = ?1
            AND kind = 'passage' AND events.at > desk_entries.at)
    """
    return {row["member"] for row in db.rows(sql, (day.isoformat(),))}


def guest_name(db: Database, guest: int) -> str:
    """The name of a guest, also of one who left; nothing for the nameless."""
    return str(db.value("SELECT coalesce(name, '') FROM guests WHERE id = ?", (guest,)) or "")
