"""Every text for people stands in the catalogue, and nothing else does; one file more is one language more."""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from click.testing import CliRunner

from device.contract import findings
from device.contract.messages import WEEKDAYS
from server.cards import card_text
from server.cli.program import poincon
from server.demo import narration, page_words, rhythms
from server.demo.app import ANNOUNCEMENT
from server.demo.texts import both
from server.i18n import card_labels, labels, refusals
from server.i18n import catalogue as catalogues
from server.i18n.catalogue import FOLDER, catalogue, languages
from server.i18n.po_file import entries
from server.site import unit_card
from tests.web_house import WebHouse

SERVER = FOLDER.parents[1]
CONTRACT = SERVER.parent / "device" / "contract"
KEYWORDS = {"_": None, "gettext": None, "pgettext": ((1, "c"), 2), "ngettext": (1, 2)}
SAYING = ("_", "gettext", "ngettext", "say", "_say", "both", "Wording")
"""Functions that say their first argument."""
OF_REFUSALS = (refusals.REFUSALS, refusals.AT_THE_DESK)
HELP = ("help", "epilog")
"""Arguments that click shows."""

Key = tuple[str | None, str]
"""The context of a text, and its English."""


def leaves(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be."""
    if isinstance(node, ast.IfExp):
        yield from leaves(node.body)
        yield from leaves(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def said_by(tree: ast.AST) -> Iterator[Key]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == "pgettext" and all(isinstance(each, ast.Constant) for each in node.args[:2]):
            yield next(leaves(node.args[0])), next(leaves(node.args[1]))
        if name in SAYING and node.args:
            yield from ((None, text) for text in leaves(node.args[0]))
        yield from ((None, text) for each in node.keywords if each.arg in HELP for text in leaves(each.value))


def of_the_code() -> Iterator[Key]:
    for path in sorted([*SERVER.rglob("*.py"), *CONTRACT.glob("*.py")]):
        yield from said_by(ast.parse(path.read_text("utf-8")))


def of_the_templates() -> Iterator[Key]:
    for path in sorted((SERVER / "web" / "templates").rglob("*.*")):
        with path.open("rb") as file:
            options = {"newstyle_gettext": "true"}
            for _, text, _, context in extract("jinja2.ext:babel_extract", file, keywords=KEYWORDS, options=options):
                yield context, text if isinstance(text, str) else text[0]
    for path in (SERVER / "demo" / "templates").iterdir():
        yield from ((None, text) for text in re.findall(r'say\("([^"]+)"', path.read_text("utf-8")))


def of_the_tables() -> Iterator[Key]:
    """Texts that are said by what they stand for."""
    for name, table in (vars(labels) | vars(card_labels)).items():
        if name.isupper():
            yield from ((None, each if isinstance(each, str) else each[0]) for each in table.values())
    tables: list[Mapping[Any, str]] = [narration.ADMITTED, narration.ALARMS, narration.SWITCHED, narration.PUSHED]
    tables += [narration.RUN, page_words.SAID, rhythms.WORDS, unit_card.COMMENTS, unit_card.KEY_COMMENTS, *OF_REFUSALS]
    tables += [card_text.TITLES, card_text.STEPS, findings.PARTS, findings.TOLD, findings.CURES]
    for words in (WEEKDAYS, card_text.NOTES, narration.HELD, [ANNOUNCEMENT], *(table.values() for table in tables)):
        yield from ((None, each) for each in words)


def of_click() -> set[Key]:
    """What click may say, of which the catalogue has what this program can come to."""
    found: set[Key] = set()
    for path in Path(click.__file__).parent.glob("*.py"):
        with path.open("rb") as file:
            for _, text, _, _ in extract("python", file, keywords=KEYWORDS):
                found.add((None, text if isinstance(text, str) else text[0]))
    return found


def all_texts() -> set[Key]:
    return {*of_the_code(), *of_the_templates(), *of_the_tables()}


def read_by_babel() -> Catalog:
    with (FOLDER / "fr.po").open("rb") as file:
        return read_po(file, locale="fr")


def translated() -> dict[Key, tuple[str, ...]]:
    read = entries((FOLDER / "fr.po").read_text("utf-8"))
    return {(each.context, each.id): each.strings for each in read if each.id and all(each.strings)}


def test_every_text_has_its_french() -> None:
    missing = all_texts() - translated().keys()
    assert {key for key in missing if re.search("[a-zA-Z]", re.sub(r"{\w+}", "", key[1]))} == set()


def test_nothing_is_translated_that_nobody_says() -> None:
    at_the_desk = {("desk", text) for table in OF_REFUSALS for text in table.values()}
    assert translated().keys() - all_texts() - at_the_desk - of_click() == set()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} if "%(" not in text else set()


def test_every_text_fills_in_the_same_fields_in_both_languages() -> None:
    assert [(message.id, str(error)) for message, errors in read_by_babel().check() for error in errors] == []
    pairs = [(key, fields(key[1]), fields(french)) for key, (french, *_) in translated().items()]
    assert [key for key, english, french in pairs if french - english] == []
    may_leave_out = of_click() | {key for key in translated() if key[0] == "desk"}
    assert {key for key, english, french in pairs if english - french} - may_leave_out == set()


def test_every_text_with_fields_is_marked_for_the_tools_of_translators() -> None:
    for block in (FOLDER / "fr.po").read_text("utf-8").split("\n\n")[1:]:
        [entry] = entries(block)
        assert ("#, python-brace-format\n" in block) == bool(fields(entry.id)), entry.id
        assert ("#, python-format\n" in block) == ("%(" in entry.id), entry.id


def test_a_po_file_is_read_as_babel_reads_it() -> None:
    of_babel = {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        for message in read_by_babel()
        if message.id
    }
    assert translated() == of_babel


def test_french_has_its_own_spaces() -> None:
    assert catalogue("fr").gettext("ALARM: {alarm}") == "ALARME\u00a0: {alarm}"


def test_french_says_one_for_none_and_english_does_not() -> None:
    one, many = "%(num)d guest among them", "%(num)d guests among them"
    assert [catalogue("fr").ngettext(one, many, number) % {"num": number} for number in (0, 1, 2)] == [
        "dont 0 invité",
        "dont 1 invité",
        "dont 2 invités",
    ]
    assert catalogue("en").ngettext(one, many, 0) == many


GERMAN = r"""# A third language.
msgid ""
msgstr ""
"Language: de\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Log in"
msgstr "Anmeldung"

msgctxt "verb"
msgid "Log in"
msgstr "Anmelden"

msgid "nobody"
msgstr "niemand"

msgid "Missing argument"
msgstr "Es fehlt das Argument"

msgid "The bench"
msgstr "Die Werkbank"

#, fuzzy
msgid "Password"
msgstr "Losung"
"""


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "fr.po").write_bytes((FOLDER / "fr.po").read_bytes())
    (folder / "de.po").write_text(GERMAN, "utf-8")
    monkeypatch.setattr(catalogues, "FOLDER", folder)


@pytest.mark.usefixtures("german")
def test_a_language_is_added_by_its_file_alone(tmp_path: Path) -> None:
    assert languages() == ("fr", "en", "de")
    house = WebHouse(tmp_path)
    try:
        page = house.visitor("de").page("/login")
    finally:
        house.close()
    assert '<html lang="de"' in page
    assert "<h1>Anmeldung</h1>" in page
    assert "<button>Anmelden</button>" in page
    assert "Deutsch</button>" in page
    assert "Password" in page  # what is not translated, or not for certain, is in English


@pytest.mark.usefixtures("german")
def test_the_command_line_speaks_it_too(tmp_path: Path) -> None:
    def run(*words: str, locale: str = "de_DE.UTF-8") -> str:
        command = ["-C", str(tmp_path / "place"), *words]
        return CliRunner().invoke(poincon, command, env={"LC_ALL": locale, "LANG": ""}).output

    run("init", str(tmp_path / "place"))
    assert run("member", "list") == "niemand\n"
    assert "Es fehlt das Argument 'ID'" in run("member", "show")
    assert run("member", "list", locale="it_IT.UTF-8") == "personne\n"


@pytest.mark.usefixtures("german")
def test_the_demo_speaks_it_too() -> None:
    assert both("The bench") == {"fr": "L'établi", "en": "The bench", "de": "Die Werkbank"}


def test_a_file_that_is_no_po_is_refused_with_its_line() -> None:
    with pytest.raises(ValueError, match='msgid "c"'):
        list(entries('msgid "a"\nmsgstr "b"\nmsgid "c"\nmsgstr "d"\n'))
    with pytest.raises(ValueError, match="nonsense"):
        list(entries('msgid "a"\nnonsense\n'))
