"""`poincon report`: attendance, sales and occupancy, for people, for programs, and as spreadsheets read them."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any

import click

from device.contract.messages import WEEKDAYS
from server.cli.arguments import DAY, json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, table
from server.cli.sales import sale_row
from server.cli.texts import language, say
from server.core.presence.hourly_occupancy import by_week_hour
from server.desk import reports
from server.formats.csv_cells import Cell, Figure, written
from server.i18n import labels
from server.site.rules_in_force import house_of
from server.store.accounts.sales import MEANS, Sale
from server.store.people import members


@click.group(help="Figures of the place.")
def report() -> None:
    """Holds the commands below."""


def _span_options(command: Callable[..., None]) -> Callable[..., None]:
    @click.option("--from", "first", type=DAY, required=True, help="The first date.")
    @click.option("--to", "last", type=DAY, required=True, help="The last date, included.")
    @click.option("--csv", "as_csv", is_flag=True, help="As a table for spreadsheets.")
    @json_option
    @pass_surroundings
    @wraps(command)
    def checked(around: CliContext, first: date, last: date, as_csv: bool, as_json: bool) -> None:
        if first > last:
            raise click.UsageError(say("--from comes after --to"))
        if as_csv and as_json:
            raise click.UsageError(say("give either --csv or --json"))
        command(around, first, last, as_csv, as_json)

    return checked


@report.command(help="Who came: members, guests, hours, half-days by who paid.")
@_span_options
def attendance(around: CliContext, first: date, last: date, as_csv: bool, as_json: bool) -> None:
    """A line for each date on which somebody came."""
    with around.open_database() as db:
        days = reports.attendance_days(db, first, last)
    if as_json:
        document(days)
        return
    headings = [say("date"), say("members"), say("guests"), say("hours"), *map(say, labels.PAYERS.values())]
    rows: list[list[Cell]] = [
        [
            day.date.isoformat(),
            day.members,
            day.guests,
            Figure(day.minutes / 60),
            *(day.half_days.get(payer, 0) for payer in labels.PAYERS),
        ]
        for day in days
    ]
    _show(headings, rows, as_csv)


@report.command(help="What was sold and paid, by number, with its tax and how it was paid.")
@_span_options
def sales(around: CliContext, first: date, last: date, as_csv: bool, as_json: bool) -> None:
    """Numbers have no gaps; a negative line takes an earlier one back."""
    with around.open_database() as db:
        sold = reports.sold_between(db, first, last)
        names = members.names(db)
    takings = reports.takings(sold)
    if as_json:
        document({"sales": [sale_row(sale) for sale in sold], "takings": takings})
        return
    headings = [
        *(say("number"), say("date"), say("member"), say("name"), say("title"), say("net"), say("VAT %"), say("VAT")),
        *(say("gross"), say("paid by"), say("by"), say("reason")),
    ]
    _show(
        headings,
        [_sale_cells(sale, around.site.settings.name_in(language(), sale.title), names) for sale in sold],
        as_csv,
    )
    if not as_csv and takings:
        click.echo()
        rows: list[list[Cell]] = [
            [
                day.date.isoformat(),
                *(Figure(day.by_means[means] / 100) for means in MEANS),
                Figure(day.total_cents / 100),
            ]
            for day in takings
        ]
        _show([say("date"), *(say(labels.MEANS[means]) for means in MEANS), say("total")], rows, False)


@report.command(help="How full the place was, by weekday and hour: on average, and at most.")
@_span_options
def occupancy(around: CliContext, first: date, last: date, as_csv: bool, as_json: bool) -> None:
    """Within opening hours, guests included."""
    with around.open_database() as db:
        house = house_of(db, around.site.settings)
        hours = by_week_hour(reports.occupied_hours(db, house, first, last, around.now()))
    if as_json:
        document([each._asdict() for each in hours])
        return
    rows: list[list[Cell]] = [
        [say(WEEKDAYS[each.weekday]), f"{each.hour:02d}:00", Figure(each.mean), each.peak, each.days] for each in hours
    ]
    headings = [say("weekday"), say("hour of day"), say("average"), say("most"), say("number of days")]
    _show(headings, rows, as_csv)


def _sale_cells(sale: Sale, title: str, names: dict[int, str]) -> list[Cell]:
    return [
        sale.number,
        sale.day.isoformat(),
        sale.member,
        names.get(sale.member, ""),
        title,
        Figure(sale.net_cents / 100),
        Figure(sale.vat_bp / 100),
        Figure(sale.vat_cents / 100),
        Figure(sale.price_cents / 100),
        say(labels.MEANS[sale.paid_by]),
        sale.operator,
        sale.reason,
    ]


def _show(headings: Sequence[str], rows: Sequence[Sequence[Any]], as_csv: bool) -> None:
    if as_csv:
        click.echo(written(headings, rows).encode("utf-8"), nl=False)
    else:
        table(headings, rows, empty=say("nothing"))
