"""French first, English second: every text that people read has both."""

import ast
import string
from pathlib import Path

import pytest

from server.cli import sentences
from server.cli.listing import listing
from server.cli.program import COMMANDS
from server.cli.texts import language_of_locale
from server.i18n.command_texts import FRENCH
from tests.server.cli.conftest import CommandLine

SERVER = Path(__file__).parents[3] / "server"
SOURCES = [path for path in sorted(SERVER.rglob("*.py")) if path.relative_to(SERVER).parts[0] not in ("web", "demo")]
"""Pages and demo have catalogues of their own."""


def spoken(path: Path) -> set[str]:
    """The English texts that a file hands to `say`, `Refusal` or the help."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [node.args[0]] if name in ("say", "Refusal") and node.args else []
        texts += [keyword.value for keyword in node.keywords if keyword.arg in ("help", "epilog")]
        found |= {text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)}
    return found


ALL_TEXTS = sorted({text for path in SOURCES for text in spoken(path)})


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_has_its_french() -> None:
    assert [text for text in ALL_TEXTS if text not in FRENCH] == []


def test_every_word_of_the_journal_has_its_french() -> None:
    words = {*sentences.REASONS.values(), *sentences.MEANS.values(), *sentences.ALARMS.values()}
    assert words - set(FRENCH) == set()


def test_both_languages_say_the_same_things() -> None:
    assert [english for english, french in FRENCH.items() if fields(english) != fields(french)] == []


def test_french_has_its_own_typography() -> None:
    assert [french for french in FRENCH.values() if any(f" {sign}" in french for sign in ";:?!»")] == []


def test_every_command_and_option_says_what_it_does_in_both_languages() -> None:
    for entry in listing():
        assert entry.english, entry.words
        assert entry.french, entry.words


def test_the_commands_are_listed_with_what_they_take() -> None:
    entries = {entry.words: entry for entry in listing()}
    assert entries["badge assign"].arguments == "ID CREDENTIAL"
    assert entries["unit add"].options == ("--kind", "--room", "--out", "--readers", "--json")
    assert {words.split()[0] for words in entries} == set(COMMANDS)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_US"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_FR"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
    ],
)
def test_the_locale_chooses_between_french_and_english(environment: dict[str, str], language: str) -> None:
    assert language_of_locale(environment) == language


def test_lists_refusals_and_help_are_in_the_language_that_was_asked_for(cli: CommandLine) -> None:
    assert "personne" in cli.out("member", "list")
    assert "Les gens du lieu." in cli.out("--help")
    assert "Qui est là." in cli.out("present", "--help")
    assert "-h, --help  Montrer ceci et finir." in cli.out("unit", "remove", "-h")
    cli.language = "en"
    assert "nobody" in cli.out("member", "list")
    assert "The people of the place." in cli.out("--help")
    assert "Who is in." in cli.out("present", "--help")
    assert cli.refusal("member", "show", "1") == "no member has the number 1"
    cli.language = "fr"
    assert "Les gens du lieu." in cli.out("--help")
