"""`poincon operator`."""

from server.people.passwords import is_right
from server.store.database import open_database
from server.store.people import operators
from tests.server.cli.conftest import CommandLine


def kept(cli: CommandLine, name: str) -> operators.Operator:
    with open_database(cli.site.database_path) as db:
        return operators.find(db, name)


def test_a_first_password_is_printed_once_and_must_be_changed(cli: CommandLine) -> None:
    password = cli.out("operator", "add", "ada").split()[-1]
    operator = kept(cli, "ada")
    assert is_right(password, operator.password_hash)
    assert operator.must_change
    assert password not in cli.out("operator", "list")


def test_a_password_from_the_standard_input_is_taken_as_it_is(cli: CommandLine) -> None:
    said = cli.out("operator", "add", "ada", "--role", "admin", "--password-stdin", stdin="correct horse\n")
    operator = kept(cli, "ada")
    assert "correct horse" not in said
    assert is_right("correct horse", operator.password_hash)
    assert (operator.role, operator.must_change) == ("admin", False)


def test_a_short_password_is_refused(cli: CommandLine) -> None:
    assert "au moins 10 signes" in cli.refusal("operator", "add", "ada", "--password-stdin", stdin="court\n")
    assert cli.json("operator", "list") == []


def test_two_first_passwords_differ(cli: CommandLine) -> None:
    passwords = {cli.json("operator", "add", name)["password"] for name in ("ada", "bo")}
    assert len(passwords) == 2


def test_no_hash_leaves_the_books(cli: CommandLine) -> None:
    cli.out("operator", "add", "ada")
    assert list(cli.json("operator", "list")[0]) == ["name", "role", "must_change", "created_at", "failures"]


def test_a_removed_operator_is_gone(cli: CommandLine) -> None:
    cli.out("operator", "add", "ada")
    assert "déjà un opérateur ada" in cli.refusal("operator", "add", "ada")
    cli.out("operator", "remove", "ada")
    assert cli.json("operator", "list") == []
    assert "pas d'opérateur ada" in cli.refusal("operator", "remove", "ada")
