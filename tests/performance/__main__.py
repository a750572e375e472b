"""`python -m tests.performance [--json|--table] [--only NAME]…`: prints each figure beside its floor or peer."""

import importlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import msgspec

from tests.performance.figures import Figure, markdown, table

MEASURES = (
    "decisions",
    "taps",
    "enrolments",
    "round_trips",
    "throughput",
    "accounts",
    "month",
    "sizes",
    "rooms",
    "walls",
)
"""Modules of this package; each has `measure(folder)`, which gives its figures."""
WHEN_ASKED = ("trials",)
"""Those that are only run when they are named."""


@click.command(help=f"Without --only all of: {', '.join(MEASURES)}. By name also: {', '.join(WHEN_ASKED)}.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on the standard output.")
@click.option("--table", "as_table", is_flag=True, help="A table of Markdown, as the README has it.")
@click.option(
    "--only", multiple=True, type=click.Choice((*MEASURES, *WHEN_ASKED)), help="Just this measure; may be repeated."
)
def main(as_json: bool, as_table: bool, only: tuple[str, ...]) -> None:
    """The whole takes some ten minutes, on a machine that has nothing else to do."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="poincon-bench-") as folder:
        for name in only or MEASURES:
            began_s = time.monotonic()
            found += _measured(name, Path(folder) / name)
            click.echo(f"{name}: {time.monotonic() - began_s:.0f} s", err=True)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(found), ensure_ascii=False, indent=1))
    else:
        click.echo(markdown(found) if as_table else table(found))


def _measured(name: str, folder: Path) -> list[Figure]:
    folder.mkdir()
    measure: Callable[[Path], Iterator[Figure]] = importlib.import_module(f"tests.performance.{name}").measure
    return list(measure(folder))


if __name__ == "__main__":
    sys.exit(main())
