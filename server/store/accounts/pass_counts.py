"""How many members hold a pass that covers."""

from datetime import date

from server.store.database import Database


def residents_on(db: Database, day: date) -> int:
    """Members with a Résident pass that holds on that date and was not taken back."""
    sql = """
        SELECT count(DISTINCT member) FROM held_passes WHERE cover = 'resident' AND ?1 BETWEEN first_day AND last_day
        AND sale NOT IN (SELECT cancels FROM sales WHERE cancels IS NOT NULL)
    """
    return int(db.value(sql, (day.isoformat(),)))
