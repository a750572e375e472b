"""The concierge's help: whole in every language, and it calls buttons as the desk does."""

import html
import re

import pytest

from server.i18n.catalogue import FOLDER
from server.i18n.po_file import entries
from tests.server.i18n.test_catalogue import translated
from tests.web_house import WebHouse

QUOTED = {"en": re.compile("“([^”]+)”"), "fr": re.compile("«\\s([^»]+?)\\s»")}
COUNTS = {"± 2", "±", "+ 1", "− 1"}


def quoted(page: str, language: str) -> set[str]:
    """What a page quotes: labels of the desk."""
    return {re.sub(r"\s", " ", each) for each in QUOTED[language].findall(html.unescape(page))} - COUNTS


def labels(language: str) -> set[str]:
    """All that the desk says in so few words, without its colon."""
    pairs = {english: strings[0] for (_, english), strings in translated().items()}
    said = pairs.keys() if language == "en" else pairs.values()
    return {each.rstrip(" :").casefold() for each in said}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_help_calls_buttons_as_the_desk_does(house: WebHouse, language: str) -> None:
    house.operator("Marie")
    page = house.desk("Marie", language=language).page("/help")
    assert len(quoted(page, language)) > 15
    assert {each for each in quoted(page, language) if each.casefold() not in labels(language)} == set()


def test_help_is_told_in_the_language_of_the_page(house: WebHouse) -> None:
    house.operator("Marie")
    page = html.unescape(house.desk("Marie", language="en").page("/help"))
    french = {each.strings[0] for each in entries((FOLDER / "fr.po").read_text("utf-8")) if len(each.id) > 40}
    assert "Being the concierge" in page
    assert not [each for each in french if each in page]
