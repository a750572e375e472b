"""The page on the architecture says what is so: folders, files, and who imports whom."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.arrows import PAGE, ROOT, arrows, floors, page_with_listing

TEXT = PAGE.read_text("utf-8")


def folders() -> list[str]:
    """Every folder of code below the two sides."""
    inits = (path for side in ("device", "server") for path in sorted((ROOT / side).rglob("__init__.py")))
    inside = (path.parent.relative_to(ROOT).as_posix() for path in inits)
    return [folder for folder in inside if "/" in folder and not folder.startswith("device/adapters/")]


@pytest.mark.parametrize("folder", folders())
def test_each_folder_is_explained(folder: str) -> None:
    assert f"| `{folder}` |" in TEXT


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:device|server)/[\w/]+(?:\.py)?)`", TEXT))))
def test_each_file_and_folder_that_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_no_room_imports_another_both_ways_and_nothing_runs_back_up() -> None:
    assert floors(arrows())


def test_the_listing_of_the_arrows_is_that_of_the_code() -> None:
    assert page_with_listing(TEXT) == TEXT, "run python -m tests.arrows"


@pytest.mark.parametrize("readme", ["device/README.md", "server/README.md"])
def test_each_file_that_a_readme_lists_is_there(readme: str) -> None:
    page = ROOT / readme
    listed = re.findall(r"^([\w/]+\.py) ", page.read_text("utf-8"), re.M)
    assert listed
    assert [name for name in listed if not (page.parent / name).exists()] == []


def test_every_rule_that_the_code_cites_stands_in_the_rules() -> None:
    rules = Path(ROOT / "docs" / "rules.md").read_text("utf-8")
    sections = {match[1] for match in re.finditer(r"^## (\d)\.", rules, re.M)}
    numbered = {match[1] for match in re.finditer(r"^(\d+)\. \*\*", rules, re.M)}
    cited = {
        match[1]
        for side in ("device", "server", "tests")
        for path in (ROOT / side).rglob("*.py")
        for match in re.finditer(r"\brules (\d(?:\.\d+)?)", path.read_text("utf-8"))
    }
    known = sections | {f"4.{number}" for number in numbered}
    assert cited - known == set()


MOST_BY_POSITION, MOST_PARAMETERS = 6, 7
WIDE = {
    "server/accounts/sales.py:sell": "each is a field of the form",
    "server/cli/sales.py:sell": "click hands over each option",
    "server/ingest/writer.py:__init__": "wires ports",
    "server/mqtt/link.py:__init__": "wires ports",
    "device/adapters/readers/nfc_reader.py:__init__": "wires ports",
    "device/controller.py:__init__": "wires ports",
    "device/core/badge/enrolment.py:enrol": "the badge, what it gets, what it may hold, and how it is spoken to",
    "device/simulation/virtual_badge.py:__init__": "wires ports",
}
"""Functions of more than seven parameters, and why."""


class Parameters(NamedTuple):
    """How many a function takes, `self` apart; `where` is its file and name."""

    where: str
    by_position: int
    in_all: int


def parameters() -> list[Parameters]:
    """Those of every function of the two sides."""
    return [
        _parameters(f"{path.relative_to(ROOT).as_posix()}:{node.name}", node.args)
        for side in ("device", "server")
        for path in sorted((ROOT / side).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _parameters(where: str, known: ast.arguments) -> Parameters:
    by_position = sum(each.arg not in ("self", "cls") for each in (*known.posonlyargs, *known.args))
    return Parameters(where, by_position, by_position + len(known.kwonlyargs))


def test_no_function_takes_more_than_one_can_keep_in_mind() -> None:
    assert [each for each in parameters() if each.by_position > MOST_BY_POSITION] == []
    assert {each.where for each in parameters() if each.in_all > MOST_PARAMETERS} == set(WIDE)
