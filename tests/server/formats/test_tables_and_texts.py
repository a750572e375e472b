"""Tables for spreadsheets, lists of members, open data, metrics, French spaces, and how long a login waits."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.instant import Instant
from server.formats.code_page import frenchness
from server.formats.csv_cells import BYTE_ORDER_MARK, decoded, read, written
from server.formats.member_list import LineFault, read_members
from server.formats.metrics import Family, exposition, single
from server.formats.open_data import OpenDay, open_rows
from server.i18n.typography import typeset
from server.web.login_throttle import LONGEST_WAIT_S, wait_after

NOW = Instant.parse("2026-11-23T08:14:05.000Z")

CELLS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20).map(str.strip)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1))
def test_what_is_written_is_read_as_it_was(rows: list[list[str]]) -> None:
    rows = [[cell if not cell.startswith("'") else "x" for cell in row] for row in rows]
    assert read(written(("a;b", "c", "d"), rows).removeprefix(BYTE_ORDER_MARK))[1:-1] == rows


@pytest.mark.parametrize("cell", ["=1+1", "+33 4", "-5", "@name", "\tx"])
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    assert f"\r\n'{cell}\r\n" in written(("a",), [(cell,)])


@pytest.mark.parametrize("content", ["é".encode(), "\ufeffé".encode(), "é".encode("cp1252")])
def test_files_of_old_and_new_spreadsheets_are_read(content: bytes) -> None:
    assert decoded(content) == "é"


NAMES = """
    Élodie Dupré, FRANÇOISE ÉPALLE, Zoë Lê, Noël Besançon, Jérôme Lefèvre, Hélène Gaëtan, Jürgen Müller, Íñigo Núñez
    Søren Ångström, Özgür Çelik, Aït-Yahia, Benoît Château, Saint-Étienne, JÉRÉMY ARÈNE, João Conceição, Émile Zola
    Renée d’Alembert, Clémence D’Hôtel, Léa Brûlé, Anaïs Ménard, Ève, Óscar Peña, MÜLLER, élodie, Sœur Inès, ANDRÉ ÇA
"""
PAGES = ("utf-8", "utf-16", "cp1252", "mac-roman", "cp850")


def can_write(page: str, text: str) -> bool:
    return text.encode(page, "replace").decode(page) == text


@pytest.mark.parametrize("page", PAGES)
def test_accents_are_read_in_whatever_code_page_they_were_saved(page: str) -> None:
    for name in re.split(r",|\n", NAMES):
        text = f"Prénom;Nom;Téléphone\nPaul;{name};06\n"
        if can_write(page, text):
            assert decoded(text.encode(page)) == text


def test_what_no_program_writes_speaks_against_a_code_page() -> None:
    assert decoded("Émile".encode("cp850")) == "Émile"  # 0x90 is no character of cp1252
    assert frenchness("Pr\ufffdnom") < frenchness("Pr‚nom") < frenchness("Prenom") < frenchness("Prénom")


@pytest.mark.parametrize(
    ("headings", "cells", "name"),
    [
        ("Name,Given Name,Family Name", "Camille Arnaud,Camille,Arnaud", "Camille Arnaud"),
        ("Name,Given Name,Additional Name,Family Name,E-mail 1 - Value", "Zoé Le Roy,Zoé,,Le Roy,", "Zoé Le Roy"),
        ("Nom complet,Nom,Prénom", "Camille Arnaud,Arnaud,Camille", "Camille Arnaud"),
        ("Prénom,Nom,Nom complet", "Camille,Arnaud,Camille Arnaud", "Camille Arnaud"),
        ("Prénom Nom,Prénom", "Camille Arnaud,Camille", "Camille Arnaud"),
        ("Nom et prénom,Prénom", "Arnaud Camille,Camille", "Arnaud Camille"),
        ("Display Name,First Name,Last Name", "Camille Arnaud,Camille,Arnaud", "Camille Arnaud"),
        ("Nom,Prénom,Nom de famille", "Camille Arnaud,Camille,Arnaud", "Camille Arnaud"),
        ("Nom complet,Nom,Prénom", ",Arnaud,Camille", "Camille Arnaud"),
        ("Nom,Prénom", "Arnaud,Camille", "Camille Arnaud"),
        ("Name,First name", "Arnaud,Camille", "Camille Arnaud"),
        ("Nom,Prénom,Adhérent", "Arnaud,Camille,oui", "Camille Arnaud"),
        ("Nom,Nom d'usage,Prénom", "Arnaud,Martin,Camille", "Camille Arnaud"),
    ],
)
def test_a_full_name_wins_over_its_parts(headings: str, cells: str, name: str) -> None:
    assert [row.name for row in read_members([headings.split(","), cells.split(",")]).rows] == [name]


def lost(heading: str) -> list[str]:
    """How a heading looks after its accents were lost, or read in a code page that it is not in."""
    marks = [
        heading.encode("ascii", "replace").decode(),
        heading.encode("ascii", "replace").decode().replace("?", "\ufffd"),
    ]
    for saved, read_as in (("utf-8", "cp1252"), ("cp850", "cp1252"), ("cp850", "mac-roman"), ("mac-roman", "cp850")):
        marks.append(heading.encode(saved).decode(read_as, "replace"))
    return marks


@pytest.mark.parametrize(
    "heading", ["Prénom", "PRÉNOM", "Téléphone", "Numéro de téléphone", "Rôle", "Mél", "Prénom nom"]
)
def test_a_heading_whose_letters_were_lost_is_refused_and_never_dropped(heading: str) -> None:
    for broken in lost(heading):
        table = [["Nom", broken], ["Dupré", "x"]]
        found = read_members(table)
        assert found.faults == [LineFault(1, "heading", broken)] or not found.ignored, broken
        assert read_members(table, ["name", "notes"]).faults == []


@pytest.mark.parametrize(
    "heading", ["Formule", "Né(e) le", "Âge", "Où ?", "Membre ?", "Société", "Adhérent·e", "電話番号", "?", "Clé"]
)
def test_a_heading_that_is_not_known_is_no_broken_one(heading: str) -> None:
    assert read_members([["Nom", heading], ["Dupré", "x"]]).faults == []


@pytest.mark.parametrize("line", ["a,b;c;d", "a;b\tc\td\te", "a\tb"])
def test_the_separator_is_what_the_first_line_has_most_of(line: str) -> None:
    assert len(read(line)[0]) == max(map(line.count, ";,\t")) + 1


def test_each_faulty_line_is_named_and_empty_ones_are_none() -> None:
    people = read_members([["Nom", "Rôle"], ["Aline", ""], [], ["", "membre"], ["Paul", "roi"], ["Zoé", "Concierge"]])
    assert [(row.line, row.name, row.role) for row in people.rows] == [(2, "Aline", "member"), (6, "Zoé", "concierge")]
    assert people.faults == [LineFault(4, "no_name", ""), LineFault(5, "role", "roi")]


@pytest.mark.parametrize("table", [[], [["a", "b"]]])
def test_a_table_without_names_is_no_list(table: list[list[str]]) -> None:
    assert read_members(table).faults[0].trouble == "no_heading"


def test_small_counts_are_blurred() -> None:
    days = [OpenDay(date(2026, 11, 23), 17, 4, 0)]
    assert list(open_rows(days)) == [("2026-11-23", "1", "17", "1-4", "0")]


def test_labels_of_metrics_cannot_break_out() -> None:
    families = [single("a", "gauge", "x", True), Family("b", "counter", "y", (({"unit": 'q"\\\n'}, 1e6),))]
    assert exposition(families) == (
        '# HELP a x\n# TYPE a gauge\na 1\n# HELP b y\n# TYPE b counter\nb{unit="q\\"\\\\\\n"} 1000000\n'
    )


def test_french_punctuation_never_begins_a_line() -> None:
    assert typeset("Perdu : « oui » !") == "Perdu\u00a0: «\u00a0oui\u00a0»\u00a0!"


@pytest.mark.parametrize("failures, wait_s", [(0, 0), (4, 0), (5, 2), (6, 4), (8, 16), (20, LONGEST_WAIT_S)])
def test_each_wrong_password_beyond_five_doubles_the_wait(failures: int, wait_s: int) -> None:
    assert wait_after(failures, NOW, NOW) == wait_s
    assert wait_after(failures, NOW, NOW + timedelta(seconds=wait_s)) == 0


def test_a_clock_set_back_makes_nobody_wait_for_hours() -> None:
    assert wait_after(9, NOW, NOW - timedelta(hours=3)) == 0
