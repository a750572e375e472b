"""`poincon sell`, `pay` and `cancel`: what goes over the desk, and the money for it."""

from datetime import date, timedelta

import click

from server.accounts import sales
from server.cli.arguments import DAY, EUROS, NUMBER, json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.orders import work_on
from server.cli.output import document, plain
from server.cli.texts import language, money, say
from server.core.charge.passes import HeldPass
from server.i18n import labels
from server.store.accounts.sales import MEANS, PaidBy, Sale
from server.store.people import members

paid_by_option = click.option(
    "--paid-by", type=click.Choice(MEANS), default="other", help="How it is paid: cash, card, transfer or other."
)


@click.command(help="Sells a pass or tickets to somebody.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@click.argument("pass_id", metavar="PASS")
@click.option("--on", type=DAY, help="From which day it counts, today by default.")
@click.option("--reduced", is_flag=True, help="At the price for who renders services; with --reason.")
@click.option("--reason", default="", help="Why the price is reduced.")
@paid_by_option
@json_option
@pass_surroundings
def sell(
    around: CliContext,
    *,
    member_id: int,
    pass_id: str,
    on: date | None,
    reduced: bool,
    reason: str,
    paid_by: PaidBy,
    as_json: bool,
) -> None:
    """Written now, under the next number, whatever day it counts from."""
    with around.open_database() as db:
        sale = sales.sell(
            work_on(db, around), member_id, pass_id, on=on, reduced=reduced, reason=reason, paid_by=paid_by
        )
        name = members.find(db, member_id).name
        before = sales.overlapping_pass(db, around.site.settings, sale)
    if before is not None:
        click.echo(_overlap(sale, before), err=True)
    if as_json:
        document(sale_row(sale))
        return
    click.echo(
        say(
            "sale {number}: {title} for {name}, from {day}, {price}",
            number=sale.number,
            title=around.site.settings.name_in(language(), sale.title),
            name=plain(name),
            day=sale.first_day,
            price=money(sale.price_cents),
        )
    )


@click.command(help="Takes money for what somebody owes.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@click.argument("amount", metavar="[EUROS]", type=EUROS, required=False)
@paid_by_option
@json_option
@pass_surroundings
def pay(around: CliContext, member_id: int, amount: int | None, paid_by: PaidBy, as_json: bool) -> None:
    """All of it, unless EUROS says how much."""
    with around.open_database() as db:
        sale = sales.pay(work_on(db, around), member_id, amount, paid_by=paid_by)
        name = members.find(db, member_id).name
    if as_json:
        document(sale_row(sale))
    else:
        price = money(sale.price_cents)
        click.echo(say("payment {number}: {price} by {name}", number=sale.number, price=price, name=plain(name)))


@click.command(help="Takes a sale or a payment back, under a number of its own.")
@click.argument("number", metavar="NUMBER", type=NUMBER)
@click.option("--reason", required=True, help="Why; it stays in the books.")
@json_option
@pass_surroundings
def cancel(around: CliContext, number: int, reason: str, as_json: bool) -> None:
    """As if it had never brought anything; what it paid for is owed again."""
    with around.open_database() as db:
        sale = sales.cancel(work_on(db, around), number, reason=reason)
    if as_json:
        document(sale_row(sale))
    else:
        price = money(sale.price_cents)
        click.echo(say("{number} takes {before} back: {price}", number=sale.number, before=number, price=price))


def _overlap(sale: Sale, before: HeldPass) -> str:
    """The sale holds as it was ordered; whoever meant a renewal hears how to have it follow."""
    return say(
        "sale {number} counts from {first}, while {cover} pays until {last} already: some dates are paid twice. For it"
        " to follow: cancel {number}, then sell with --on {after}",
        number=sale.number,
        first=sale.first_day,
        cover=say(labels.PAYERS[before.cover]),
        last=before.last_day,
        after=before.last_day + timedelta(days=1),
    )


def sale_row(sale: Sale) -> dict[str, object]:
    """A sale as programs are told it."""
    return {
        "number": sale.number,
        "written_at": sale.written_at,
        "date": sale.day,
        "operator": sale.operator,
        "member": sale.member,
        "pass": sale.pass_id,
        "title": sale.title,
        "from": sale.first_day,
        "price_cents": sale.price_cents,
        "vat_cents": sale.vat_cents,
        "net_cents": sale.net_cents,
        "paid_by": sale.paid_by,
        "reduced": sale.reduced,
        "reason": sale.reason,
        "cancels": sale.cancels,
    }
