"""Tables for spreadsheets, lists of members, open data, metrics, French spaces, and how long a login waits."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.instant import Instant
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
