"""Lists of members: what each column is, and every fault by its line."""

import pytest

from server.formats.member_list import Column, Field, LineFault, ListedMember, read_members

Table = list[list[str]]


def test_each_faulty_line_is_named_and_empty_ones_are_none() -> None:
    people = read_members([["Nom", "Rôle"], ["Aline", ""], [], ["", "membre"], ["Paul", "roi"], ["Zoé", "Concierge"]])
    assert [(row.line, row.name, row.role) for row in people.rows] == [(2, "Aline", "member"), (6, "Zoé", "concierge")]
    assert people.faults == [LineFault(4, "no_name", ""), LineFault(5, "role", "roi")]


@pytest.mark.parametrize(
    "table, fault",
    [
        ([], LineFault(1, "no_heading", "")),
        ([[], ["", ""]], LineFault(1, "no_heading", "")),
        ([["a", "b"]], LineFault(1, "no_heading", "a b")),
        ([[], ["", "courriel"], ["Aline", ""]], LineFault(2, "no_heading", " courriel")),
    ],
)
def test_a_table_without_names_is_no_list(table: Table, fault: LineFault) -> None:
    read = read_members(table)
    assert (read.rows, read.faults) == ([], [fault])


def test_every_column_is_read_whatever_its_order_and_the_spelling_of_its_heading() -> None:
    table = [
        ["", ""],
        ["Badge", "Adresse e-mail (perso)", "Prénom", "NOM *", "Tél.", "Remarques", "Rôle", "Âge"],
        ["uid:04a1 uid:04a2", "aline@example.org", "Aline", "Martin", "01 02", "Café", "concierge", "40"],
        ["", "", "", "Zoé"],
        ["", "", "Paul", "", "03 04", "", "", "", "too much"],
    ]
    people = read_members(table)
    assert people.faults == []
    assert people.rows == [
        ListedMember(3, "Aline Martin", "aline@example.org", "concierge", "uid:04a1 uid:04a2", "Tél. 01 02\nCafé"),
        ListedMember(4, "Zoé", "", "member", "", ""),
        ListedMember(5, "Paul", "", "member", "", "Tél. 03 04"),
    ]
    assert [column.field for column in people.columns] == [
        "badge",
        "email",
        "first_name",
        "name",
        "phone",
        "notes",
        "role",
        "",
    ]
    assert people.ignored == [Column("Âge", "", "40")]


def test_of_two_columns_of_one_kind_the_first_counts_but_notes_are_added_up() -> None:
    people = read_members([["Nom", "Mail", "E-mail", "Note", "Notes", ""], ["Aline", "a@x", "b@x", "one", "two", ""]])
    assert people.rows == [ListedMember(2, "Aline", "a@x", "member", "", "one\ntwo")]
    assert people.ignored == [Column("E-mail", "", "b@x")]


@pytest.mark.parametrize(
    "chosen, name, notes",
    [
        ((), "Martin", ""),
        (("notes",), "", "Martin"),
        (("", "name"), "Aline", ""),
        (("name", "notes"), "Martin", "Aline"),
    ],
)
def test_what_a_column_is_may_be_chosen(chosen: tuple[Field, ...], name: str, notes: str) -> None:
    people = read_members([["Nom", "Truc"], ["Martin", "Aline"]], chosen)
    if name:
        assert [(row.name, row.notes) for row in people.rows] == [(name, notes)]
    else:
        assert people.faults == [LineFault(1, "no_heading", "Nom Truc")]


def test_the_example_of_a_column_is_the_first_thing_that_stands_in_it() -> None:
    people = read_members([["Nom", "Âge", "Ville"], ["Aline"], ["Paul", ""], ["Zoé", "40"], ["Ada", "50"]])
    assert people.columns == [Column("Nom", "name", "Aline"), Column("Âge", "", "40"), Column("Ville", "", "")]
    assert people.ignored == [Column("Âge", "", "40")]


def test_a_badge_stands_in_one_line_only() -> None:
    people = read_members([["Nom", "Badge"], ["Aline", "uid:04A1"], ["Paul", "uid:04b1 uid:04a1"], ["Zoé", "uid:04b2"]])
    assert [row.name for row in people.rows] == ["Aline", "Zoé"]
    assert people.faults == [LineFault(3, "twice", "uid:04a1 (2)")]


def test_a_file_has_at_most_five_thousand_lines() -> None:
    table = [["Nom"], *[["Aline"]] * 5_000]
    assert len(read_members(table).rows) == 5_000
    too_long = read_members([*table, ["Zoé"]])
    assert (too_long.rows, too_long.faults) == ([], [LineFault(5_000, "too_many", "5001")])


@pytest.mark.parametrize(
    ("badge", "keys", "doubted"),
    [
        ("uid:04a1", "copiable", ""),
        ("uid:04a1", "Avec clé (version 2)", "uid:04a1"),
        ("UID:04A1", "blank", "UID:04A1"),
        ("ntag424:04a1", "copyable", "ntag424:04a1"),
        ("ntag424:04a1", "with keys (version 2)", ""),
        ("ntag424:04a1 uid:04a2", "avec clé (version 2), copiable", ""),
        ("ntag424:04a1 uid:04a2", "copiable, avec clé", "ntag424:04a1"),
        ("uid:04a1", "du vestiaire", ""),
        ("uid:04a1", "", ""),
        ("", "avec clé", ""),
        ("uid:04a1", "copiable, avec clé", ""),
    ],
)
def test_what_stands_of_a_badges_keys_is_compared_with_its_number(badge: str, keys: str, doubted: str) -> None:
    read = read_members([["Nom", "Badge", "Clés du badge"], ["Aline", badge, keys]])
    assert read.faults == ([LineFault(2, "keys", doubted)] if doubted else [])
    assert [column.field for column in read.columns] == ["name", "badge", "badge_keys"]
