"""`poincon correct`: an operator's word on a date."""

import re
from dataclasses import fields
from datetime import date
from typing import Any

import click

from server.accounts import corrections
from server.cli.arguments import DAY, NUMBER
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.orders import work_on
from server.cli.texts import say
from server.core.calendar.opening_hours import Span, spans_of
from server.core.charge.facts import ChargeCorrection

NOBODY = ("", "none", "-")

_AMOUNT = re.compile(rf"({'|'.join(each.name for each in fields(ChargeCorrection))})=(\d{{1,6}})", re.ASCII)


class PresenceSpans(click.ParamType[tuple[Span, ...]]):
    """`09:00-12:00,14:00-16:00`, local to the place; `none` for nobody there."""

    name = "spans"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Span, ...]:
        """The spans in order, those that touch made one."""
        if not isinstance(value, str):
            return tuple(value)
        if value.strip() in NOBODY:
            return ()
        try:
            pairs = [tuple(part.strip().split("-")) for part in value.split(",")]
            return spans_of([(start, end) for start, end in pairs])
        except ValueError:
            self.fail(say("“{value}” is no presence such as 09:00-12:00,14:00-16:00", value=value), param, ctx)


class ChargeAmounts(click.ParamType[ChargeCorrection]):
    """`half_day=1`, `hour=2,owed_cents=300`; `none` for nothing."""

    name = "amounts"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ChargeCorrection:
        """The charge that it says."""
        if isinstance(value, ChargeCorrection):
            return value
        if value.strip() in NOBODY:
            return ChargeCorrection()
        amounts: dict[str, int] = {}
        for part in value.split(","):
            read = _AMOUNT.fullmatch(part.strip())
            if read is None or read[1] in amounts:
                self.fail(say("“{value}” is no charge such as half_day=1 or hour=2", value=value), param, ctx)
            amounts[read[1]] = int(read[2])
        return ChargeCorrection(**amounts)


@click.command(help="Corrects what was computed for a date: who was there when, or what it costs.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@click.argument("day", metavar="DATE", type=DAY)
@click.option("--presence", type=PresenceSpans(), help="When they were there: 09:00-12:00,14:00-16:00, or none.")
@click.option("--charge", type=ChargeAmounts(), help="What it costs: half_day=1, hour=2,owed_cents=300, or none.")
@click.option("--lift", "lifted", is_flag=True, help="Take the correction back: as computed again.")
@click.option("--reason", default="", help="Why; a correction needs one.")
@pass_surroundings
def correct(
    around: CliContext,
    *,
    member_id: int,
    day: date,
    presence: tuple[Span, ...] | None,
    charge: ChargeCorrection | None,
    lifted: bool,
    reason: str,
) -> None:
    """It wins until it is lifted; what was computed is kept beside it."""
    if (presence is not None) + (charge is not None) + lifted != 1:
        raise click.UsageError(say("give either --presence, --charge or --lift"))
    with around.open_database() as db:
        work = work_on(db, around)
        if lifted:
            corrections.lift(work, member_id, day, reason=reason)
        else:
            corrections.correct(work, member_id, day, reason=reason, presence=presence, charge=charge)
    click.echo(say("{day} is as computed again", day=day) if lifted else say("{day} is corrected", day=day))
