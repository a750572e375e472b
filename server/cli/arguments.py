"""What people type: moments and dates of the place, and the option that asks for JSON."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

import click

from device.contract.instant import Instant
from server.cli.cli_context import CliContext
from server.cli.texts import say

F = TypeVar("F", bound=Callable[..., Any])

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?",
    re.ASCII,
)

_JSON = "server.cli.json"

_EUROS = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?", re.ASCII)


class MomentArgument(click.ParamType[Instant]):
    """A moment: `2026-11-23` (its midnight), `2026-11-23T09:00`, local to the place; or with `Z` or an offset.

    An hour that daylight saving repeats is taken at its first occurrence.
    """

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Instant:
        """The instant that `value` names."""
        if isinstance(value, Instant):
            return value
        try:
            if not _MOMENT.fullmatch(value):
                raise ValueError
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=_surroundings(ctx).zone)
            return Instant.of(moment)
        except ValueError:
            self.fail(say("“{value}” is no time such as 2026-11-23 or 2026-11-23T09:00", value=value), param, ctx)


class Day(click.ParamType[date]):
    """A local date, `2026-11-23`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date that `value` names."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(say("“{value}” is no date such as 2026-11-23", value=value), param, ctx)


class Euros(click.ParamType[int]):
    """An amount of money, `6` or `4,50`, in cents."""

    name = "euros"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The cents that `value` names."""
        if isinstance(value, int):
            return value
        amount = _EUROS.fullmatch(value)
        if amount is None:
            self.fail(say("“{value}” is no amount such as 6 or 4,50", value=value), param, ctx)
        return int(amount[1]) * 100 + int((amount[2] or "0").ljust(2, "0"))


MOMENT, DAY, EUROS = MomentArgument(), Day(), Euros()
NUMBER = click.IntRange(1, 2**53)
"""Of a member."""


def json_option(command: F) -> F:
    """Adds `--json`, given to the command as `as_json`; a failure is told in JSON then too."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        callback=_remember_json,
        help="One JSON document on the standard output.",
    )(command)


def asks_for_json(ctx: click.Context) -> bool:
    """Whether the command that `ctx` runs, itself or further down, was given `--json`."""
    return bool(ctx.meta.get(_JSON))


def _remember_json(ctx: click.Context, _parameter: click.Parameter, value: bool) -> bool:
    ctx.meta[_JSON] = value  # which the contexts above share
    return value


def _surroundings(ctx: click.Context | None) -> CliContext:
    around = ctx.find_object(CliContext) if ctx else None
    assert around is not None, "times are read inside the program"
    return around
