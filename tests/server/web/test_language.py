"""French first, English second: the browser decides, a switch overrides; nothing is left untranslated."""

import ast
from pathlib import Path

import pytest

from server.i18n.catalogue import FOLDER
from server.i18n.command_texts import FRENCH
from server.web.language import REFUSALS
from tests.web_house import Visitor, WebHouse

SERVER = Path(FOLDER).parents[1]


def test_every_refusal_of_the_desk_is_in_french() -> None:
    templates = set()
    for path in sorted((SERVER / "web").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
                templates |= {text.value for text in ast.walk(node.args[0]) if isinstance(text, ast.Constant)}
    assert templates - REFUSALS.keys() - FRENCH.keys() == set()


@pytest.mark.parametrize(
    "wish, word",
    [("fr", "Connexion"), ("en", "Log in"), ("en-GB,en;q=0.9", "Log in"), ("de", "Connexion"), ("", "Connexion")],
)
def test_the_browser_decides(house: WebHouse, wish: str, word: str) -> None:
    assert f"<h1>{word}</h1>" in house.visitor(wish).page("/login")


def test_the_switch_overrides_the_browser_and_stays_on_the_page(house: WebHouse, desk: Visitor) -> None:
    answer = desk.post("/language", language="en", next="/members/")
    assert answer.location == "/members/"
    assert "<h1>Members</h1>" in desk.page("/members/")
    desk.post("/language", language="xx", next="/")
    assert "<h1>Members</h1>" in desk.page("/members/")


def test_a_wall_speaks_the_language_of_its_address(house: WebHouse) -> None:
    assert "comfortable" in house.visitor("fr").page("/display?lang=en")


def test_a_refusal_is_told_in_the_language_of_the_page(house: WebHouse) -> None:
    house.operator("Marie")
    desk = house.desk("Marie", language="en")
    member = house.member("Aline")
    desk.does(f"/presence/{member}/entry")
    assert "Aline is in already" in desk.post(f"/presence/{member}/entry").text


def test_french_says_one_for_none(house: WebHouse, desk: Visitor) -> None:
    assert "présent<br>" in desk.page("/")
