"""Every table and column of the books: what kind of data it is, and in which part of a member's export. Pure.

A test walks the schema: a column that stands in no line, or a line that names none, fails it.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from server.core.retention.kinds import DataKind


class KeptTable(NamedTuple):
    """The columns of a table by the kind of data they are; `export` is the part of a member's export that has them."""

    name: str
    columns: Mapping[DataKind, str]
    export: str = ""


class KeptColumn(NamedTuple):
    """One column, and how it is kept and exported."""

    table: str
    column: str
    kind: DataKind
    export: str


TABLES: tuple[KeptTable, ...] = (
    # people
    KeptTable(
        "members",
        {
            "identity": "name email role notes created_at suspended_at suspended_for",
            "count": "id forgotten_at",
        },
        "member",
    ),
    KeptTable("badges", {"badge": "credential member assigned_at last_day ended_at ended_as", "count": "id"}, "badges"),
    KeptTable(
        "guests",
        {
            "guest": "name",
            "invitation": "member invited imprint",
            "count": "id golden day arrived_at left_at automatic",
        },
        "guests",
    ),
    KeptTable("operators", {"operator": "name password_hash role must_change created_at failures failed_at"}),
    KeptTable("sessions", {"session": "id operator began_at ends_at"}),
    # the journal
    KeptTable(
        "events",
        {"door_event": "member body", "count": "id head seq at day received_at kind named"},
        "events",
    ),
    KeptTable("heads", {"machine": "id unit epoch through heard_at passed_at"}),
    KeptTable("faults", {"set_aside": "id received_at kind topic unit epoch seq fault payload"}),
    KeptTable("tallies", {"count": "name count"}),
    # who was in
    KeptTable("stays", {"presence": "member day nth began_at ended_at automatic"}, "visits"),
    KeptTable("remarks", {"presence": "member day nth at remark"}, "irregularities"),
    KeptTable("desk_entries", {"presence": "id member day at side operator written_at lifted_at"}, "desk_entries"),
    KeptTable("used_time", {"use": "member day morning_ms afternoon_ms automatic"}, "time_used"),
    KeptTable("nameless_stays", {"count": "day person began_at ended_at"}),
    KeptTable("settlements", {"operator_act": "operator", "count": "id day at"}),
    KeptTable("muster_people", {"muster": "person safe_at", "operator_act": "muster operator"}, "evacuations"),
    KeptTable("musters", {"operator_act": "id drill operator began_at ended_at"}),
    # what was sold, and what it comes to
    KeptTable(
        "sales",
        {
            "purchase": "number written_at day member what pass title first_day price_cents vat_bp paid_by reduced"
            " reason cancels",
            "operator_act": "operator",
        },
        "sales",
    ),
    KeptTable(
        "gifts",
        {"purchase": "id written_at member kind size first_day reason cancels", "operator_act": "operator"},
        "gifts",
    ),
    KeptTable("held_passes", {"purchase": "id sale member cover first_day last_day allowance"}, "passes"),
    KeptTable("lots", {"purchase": "id sale gift member kind size first_day last_day"}, "tickets"),
    KeptTable(
        "prolongations",
        {"purchase": "id lot given_on last_day reason written_at", "operator_act": "operator"},
        "prolongations",
    ),
    KeptTable(
        "corrections",
        {"use": "id member day presence charge reason written_at", "operator_act": "operator"},
        "corrections",
    ),
    KeptTable(
        "ledger",
        {
            "purchase": "id member day kind what lot held_pass amount cause written_at",
            "operator_act": "operator",
        },
        "ledger",
    ),
    KeptTable("day_books", {"use": "member day payer half_days minutes books"}, "charged_days"),
    KeptTable("checkpoints", {"use": "member day state"}, "checkpoints"),
    KeptTable(
        "standings",
        {
            "purchase": "member settled_at due_at owed_cents credit_cents hour half_day day golden nomade_left"
            " covered_by expires",
        },
        "balance",
    ),
    KeptTable("expired_lots", {"purchase": "lot member number"}, "expired_tickets"),
    KeptTable("balances_forward", {"purchase": "member day state"}, "balance_forward"),
    # what the desk did
    KeptTable(
        "changes",
        {"change": "subject before after form", "operator_act": "id at operator what member"},
        "changes",
    ),
    KeptTable("looked_at", {"change": "matter", "operator_act": "operator at"}),
    KeptTable("desk_rooms", {"operator_act": "operator written_at", "count": "id room at use people"}),
    KeptTable("door_modes", {"operator_act": "operator set_at", "machine": "unit mode until"}),
    # machines, settings, and the books themselves
    KeptTable("units", {"machine": "name kind room added_at removed_at"}),
    KeptTable("unit_states", {"machine": "unit heard_at state"}),
    KeptTable(
        "badge_keys",
        {
            "machine": "identity scheme key_version enrolment proved_at next_version next_enrolment begun_at"
            " door_version"
        },
    ),
    KeptTable("enrolments", {"machine": "id identity key_version begun_at unit number"}),
    KeptTable("site_keys", {"machine": "version imprint begun_at ended_at"}),
    KeptTable("access_lists", {"machine": "unit version digest issued_at"}),
    KeptTable("settings_in_force", {"machine": "valid_from hours rules"}),
    KeptTable("terms", {"machine": "term began_at"}),
    KeptTable("sealed_place", {"machine": "id digest sealed_at content"}),
    KeptTable("removals", {"machine": "what through removed_at"}),
    KeptTable("closing_year", {"machine": "through"}),
    KeptTable("_sqlite_migrations", {"machine": "id migration_set name applied_at"}),
    KeptTable("sqlite_sequence", {"machine": "name seq"}),
)


def columns() -> Iterator[KeptColumn]:
    """Every line of the table."""
    for table in TABLES:
        for kind, names in table.columns.items():
            yield from (KeptColumn(table.name, name, kind, table.export) for name in names.split())
