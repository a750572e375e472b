"""`poincon operator`: who may log in to the desk."""

import sys

import click

from server.cli.arguments import json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, plain, table
from server.cli.texts import say
from server.errors import Refusal
from server.i18n import labels
from server.people.passwords import SHORTEST, first_password, hashed
from server.store.people import operators


@click.group(help="Who may log in to the desk.")
def operator() -> None:
    """Holds the commands below."""


@operator.command(help="Adds a login, and prints its first password once.")
@click.argument("name")
@click.option("--role", type=click.Choice(["concierge", "admin"]), default="concierge", help="What they may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")
@json_option
@pass_surroundings
def add(around: CliContext, name: str, role: operators.OperatorRole, password_stdin: bool, as_json: bool) -> None:
    """A first password is to be changed at the first login; one that was chosen is not."""
    password = _chosen_password() if password_stdin else first_password()
    with around.open_database() as db:
        added = operators.add(db, name, hashed(password), role=role, must_change=not password_stdin, now=around.now())
    told = None if password_stdin else password
    if as_json:
        document({"name": added.name, "role": added.role, "password": told})
    elif told is None:
        click.echo(say("{name} may log in", name=plain(added.name)))
    else:
        click.echo(say("{name} may log in with the first password {password}", name=plain(added.name), password=told))


@operator.command("list", help="Who may log in.")
@json_option
@pass_surroundings
def list_operators(around: CliContext, as_json: bool) -> None:
    """By name; no password, not even its hash."""
    with around.open_database() as db:
        found = operators.every(db)
    if as_json:
        keys = ("name", "role", "must_change", "created_at", "failures")
        document([{key: getattr(each, key) for key in keys} for each in found])
        return
    headings = (say("name"), say("role"), say("since"), say("password"))
    rows = [
        (
            each.name,
            say(labels.ROLES[each.role]),
            around.wall(each.created_at),
            say("to be changed") if each.must_change else "",
        )
        for each in found
    ]
    table(headings, rows, empty=say("nobody may log in; add somebody with poincon operator add"))


@operator.command(help="Takes a login away.")
@click.argument("name")
@pass_surroundings
def remove(around: CliContext, name: str) -> None:
    """From now on they cannot log in."""
    with around.open_database() as db:
        operators.remove(db, name)
    click.echo(say("{name} may not log in any more", name=plain(name)))


def _chosen_password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST:
        raise Refusal("password_too_short", shortest=SHORTEST)
    return password
