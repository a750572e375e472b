"""`poincon guest`: people who are in without being members."""

import click

from server.accounts.golden_ticket import MayBeTheSame, invite
from server.accounts.work import Work
from server.cli.arguments import NUMBER, json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.orders import work_on
from server.cli.output import document, plain, table
from server.cli.texts import language, say
from server.errors import Refusal
from server.presence.attendance import guests_inside
from server.site.rules_in_force import house_of
from server.store.presence import guests
from server.store.presence.guests import Guest


@click.group(help="People who are in without being members.")
def guest() -> None:
    """Holds the commands below."""


@guest.command(help="Lets a guest in: on a member's golden ticket, or on somebody's word.")
@click.argument("name")
@click.option("--golden", metavar="ID", type=NUMBER, help="The member who gives a golden ticket.")
@click.option("--by", metavar="ID", type=NUMBER, help="The member who answers for them.")
@click.option("--another", is_flag=True, help="Not the guest of a like name who came on a golden ticket before.")
@json_option
@pass_surroundings
def add(around: CliContext, name: str, golden: int | None, by: int | None, another: bool, as_json: bool) -> None:
    """Counts from now on, until they leave or the place closes."""
    if (golden is None) == (by is None):
        raise click.UsageError(say("name either --golden or --by"))
    with around.open_database() as db:
        if golden is not None:
            added = _invited(work_on(db, around), name, golden, is_another=another)
        else:
            added = guests.arrive(db, name, day=around.today(), now=around.now(), member=by)
    if as_json:
        document(added)
    else:
        click.echo(say("{name} is in", name=plain(added.name or "")))


def _invited(work: Work, name: str, member: int, *, is_another: bool) -> Guest:
    try:
        return invite(work, name, member, is_another=is_another)
    except MayBeTheSame as near:
        from server.i18n.speech import Speech  # and Babel, for which no other command waits

        raise Refusal("may_be_the_same", question=Speech(language()).refusal(near)) from None


@guest.command(help="A guest goes.")
@click.argument("name")
@pass_surroundings
def leave(around: CliContext, name: str) -> None:
    """No longer counts."""
    now = around.now()
    with around.open_database() as db:
        guests.leave(db, name, day=around.today(), now=now)
    click.echo(say("{name} is gone", name=plain(name)))


@guest.command("list", help="The guests who are in.")
@json_option
@pass_surroundings
def list_guests(around: CliContext, as_json: bool) -> None:
    """In the order they came."""
    with around.open_database() as db:
        found = guests_inside(db, house_of(db, around.site.settings), around.now())
    if as_json:
        document(found)
        return
    headings = (say("name"), say("by"), say("golden"), say("since"))
    rows = [
        (each.name or say("a guest"), each.member, say("yes") if each.golden else "", around.wall(each.arrived_at))
        for each in found
    ]
    table(headings, rows, empty=say("no guests"))
