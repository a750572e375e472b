"""The one table of what is kept has every column of the schema, and nothing else; who may ask is given their part."""

from collections.abc import Iterator

import pytest
from sqlite_utils import Database

from server.core.retention.kinds import KEEPING
from server.core.retention.table import TABLES, columns
from server.store.people.personal_data import PERSONAL_TABLES
from server.store.schema.migrations import migrations

WITHOUT_EXPORT = {"operators", "sessions", "faults", "settlements", "musters", "looked_at", "desk_rooms", "door_modes"}
"""They are of operators, or name nobody until somebody looks into the bytes."""


@pytest.fixture(scope="module")
def schema() -> Iterator[Database]:
    db = Database(memory=True)
    migrations.apply(db)
    yield db
    db.close()


def test_every_column_of_the_schema_has_one_line_and_every_line_its_column(schema: Database) -> None:
    lines = [(line.table, line.column) for line in columns()]
    there = {(table, column.name) for table in schema.table_names() for column in schema[table].columns}
    assert len(lines) == len(set(lines)), "a column stands twice"
    assert there - set(lines) == set(), "columns whose keeping nobody decided"
    assert set(lines) - there == set(), "lines about no column"


def test_whatever_names_a_member_is_in_their_export(schema: Database) -> None:
    exported = {table.name: table.export for table in TABLES}
    naming = {
        table
        for table in schema.table_names()
        for key in schema.table(table).foreign_keys
        if key.other_table in ("members", "lots")
    } | {"muster_people"}
    assert {table for table in naming if not exported[table]} == set()


def test_whatever_is_somebodys_is_exported_or_known_not_to_be() -> None:
    personal = {line.table for line in columns() if KEEPING[line.kind].whose and not line.export}
    assert personal == WITHOUT_EXPORT


def test_the_parts_of_the_export_are_those_of_the_table() -> None:
    parts = {table.export for table in TABLES if table.export}
    assert parts | {"visits_as_guest"} == {"member", *(table.name for table in PERSONAL_TABLES)}


def test_every_kind_that_names_somebody_has_its_right_and_its_end() -> None:
    for kind, keeping in KEEPING.items():
        assert bool(keeping.whose) == bool(keeping.basis), kind
        assert bool(keeping.whose) == (keeping.period != "place"), kind
