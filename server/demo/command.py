"""`poincon demo`."""

import logging

import click

from device.contract.errors import Refused
from server.cli import texts


@click.command(help="The whole place on this machine, with simulated hardware; leaves nothing behind.")
@click.option("--for", "for_s", type=click.FloatRange(min=0), metavar="SECONDS", help="Stop by itself after so long.")
@click.option(
    "--port",
    type=click.IntRange(1024, 65_534),
    metavar="N",
    help="The dashboard's port, and the next one for the bench; else any that are free.",
)
def demo(for_s: float | None, port: int | None) -> None:
    """Runs until Ctrl-C, SIGTERM or the end of its time."""
    from server.demo.app import Demo, NotStarted  # half a second of imports, which no other command waits for
    from server.demo.folder import usual_base

    language = texts.language()
    logging.basicConfig(level=logging.ERROR)
    try:
        Demo(usual_base(), lambda saying: click.echo(saying[language]), port).run(for_s)
    except NotStarted as fault:
        raise Refused(fault.saying[language]) from None
