"""French first, English second: what a command prints, refuses and helps with, and what click says of a wrong use."""

import pytest
from click.testing import CliRunner

from server.cli.program import COMMANDS, poincon
from server.cli.texts import language_of_locale
from tests.commands import every_command
from tests.server.cli.conftest import CommandLine


def test_every_command_and_option_says_what_it_does_in_both_languages() -> None:
    for entry in every_command():
        assert entry.english, entry.words
        assert entry.french, entry.words


def test_the_commands_are_listed_with_what_they_take() -> None:
    entries = {entry.words: entry for entry in every_command()}
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
    assert "-h, --help  Montrer ceci et finir." in cli.out("member", "export", "-h")
    cli.language = "en"
    assert "nobody" in cli.out("member", "list")
    assert "The people of the place." in cli.out("--help")
    assert "Who is in." in cli.out("present", "--help")
    assert cli.refusal("member", "show", "1") == "no member has the number 1"
    cli.language = "fr"
    assert "Les gens du lieu." in cli.out("--help")


@pytest.mark.parametrize(
    ("words", "french", "english"),
    [
        (["member", "lisst"], "Il n'y a pas de commande 'lisst'", "No such command 'lisst'"),
        (["member", "list", "--frob"], "Il n'y a pas d'option '--frob'", "No such option '--frob'"),
        (["sell"], "Il manque l'argument 'ID'", "Missing argument 'ID'"),
        (
            ["pay", "0"],
            "Valeur refusée pour 'ID'\u00a0: 0 n'est pas dans l'intervalle",
            "Invalid value for 'ID': 0 is not in",
        ),
        (["pay", "1", "2", "3", "4"], "Arguments en trop (3 4)", "Got unexpected extra arguments (3 4)"),
        (["restore", "nowhere"], "'nowhere' n'existe pas", "'nowhere' does not exist"),
        (
            ["unit", "add", "a"],
            "Il manque l'option '--kind'. À choisir\u00a0:",
            "Missing option '--kind'. Choose from:",
        ),
    ],
)
def test_a_wrong_use_is_told_in_the_language_too(cli: CommandLine, words: list[str], french: str, english: str) -> None:
    told = cli.run(*words)
    assert told.exit_code == 2
    assert told.stderr.startswith("Utilisation\u00a0: poincon ")
    assert "montre l'aide" in told.stderr
    assert "\nErreur\u00a0: " in told.stderr
    assert french in told.stderr
    cli.language = "en"
    told = cli.run(*words)
    assert told.stderr.startswith("Usage: poincon ")
    assert "\nError: " in told.stderr
    assert english in told.stderr


def test_what_is_wrong_before_the_language_is_read_is_told_in_that_of_the_locale() -> None:
    assert "Il n'y a pas d'option" in CliRunner().invoke(poincon, ["--frob"], env={"LC_ALL": "C.UTF-8"}).stderr
    assert "No such option" in CliRunner().invoke(poincon, ["--frob"], env={"LC_ALL": "en_IE.UTF-8"}).stderr
