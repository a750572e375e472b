"""Writes `schema.sql`, what the migrations come to: `python -m server.store.schema.write`. A test compares."""

from pathlib import Path

from sqlite_utils import Database

from server.store.schema.migrations import migrations

SCHEMA = Path(__file__).with_name("schema.sql")


def schema() -> str:
    """Every statement that a new database is made of."""
    db = Database(memory=True)
    migrations.apply(db)
    rows = db.conn.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '%sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    )
    text = ";\n\n".join(row[0] for row in rows)
    db.close()
    return f"-- Made by python -m server.store.schema.write from migrations.py; do not edit.\n\n{text};\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema(), "utf-8")
