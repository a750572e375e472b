"""`poincon give` and `prolong`: tickets for services rendered, and more time to use them."""

from datetime import date

import click

from server.accounts import credit
from server.cli.arguments import DAY, NUMBER, json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.orders import work_on
from server.cli.output import document, plain
from server.cli.texts import say
from server.core.charge.passes import TICKET_KINDS, TicketKind
from server.store.people import members


@click.command(help="Gives tickets for services rendered.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@click.argument("kind", metavar="KIND", type=click.Choice(TICKET_KINDS))
@click.argument("size", metavar="N", type=int)
@click.option("--reason", required=True, help="Why; it stays in the books.")
@json_option
@pass_surroundings
def give(around: CliContext, member_id: int, kind: TicketKind, size: int, reason: str, as_json: bool) -> None:
    """Valid for a year from today."""
    with around.open_database() as db:
        gift = credit.give(work_on(db, around), member_id, kind, size, reason=reason)
        name = members.find(db, member_id).name
    if as_json:
        document(gift)
    else:
        click.echo(
            say("gift {number}: {size} {kind} for {name}", number=gift.id, size=size, kind=kind, name=plain(name))
        )


@click.command(help="Lets a lot of tickets be used until DATE.")
@click.argument("lot", metavar="LOT", type=NUMBER)
@click.argument("last_day", metavar="DATE", type=DAY)
@click.option("--reason", required=True, help="Why; it stays in the books.")
@pass_surroundings
def prolong(around: CliContext, lot: int, last_day: date, reason: str) -> None:
    """Of a lot that expired too; `account` says which number it has."""
    with around.open_database() as db:
        credit.prolong(work_on(db, around), lot, last_day, reason=reason)
    click.echo(say("lot {number} is valid until {day}", number=lot, day=last_day))
