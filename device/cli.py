"""`poincon-unit`: what runs on a Pi, and what stands in for a Pi and a badge on a laptop."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from device.contract.errors import PoinconError, SettingsFault
from device.contract.findings import PARTS, cure, told
from device.contract.unit_settings import UnitSettings, read_unit_settings

SETTINGS_FAULT, REFUSED = 2, 1


class Program(click.Group):
    """Turns what is wrong into one line a fault on stderr and an exit status; a traceback only under --debug."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command."""
        try:
            return super().invoke(ctx)
        except PoinconError as fault:
            if ctx.params.get("debug"):
                raise
            click.echo(str(fault), err=True)
            ctx.exit(SETTINGS_FAULT if isinstance(fault, SettingsFault) else REFUSED)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="poincon")
@click.option("--debug", is_flag=True, help="Log more, and show tracebacks.")
def main(debug: bool) -> None:
    """A unit of Poinçon: a door, a desk or a room."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if debug else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    # nfcpy tells every frame at a lower level, and so the number of every badge: no log holds that.
    logging.getLogger("nfc").setLevel(logging.WARNING)


settings_file = click.option(
    "-c", "settings", type=click.Path(path_type=Path), required=True, metavar="unit.toml", help="The unit's settings."
)


@main.command()
@settings_file
def run(settings: Path) -> None:
    """Run the unit until it is told to end."""
    from device.hardware import PiHardware

    _run_until_stopped(settings, PiHardware)


@main.command()
@settings_file
def check(settings: Path) -> None:
    """Try each part: settings, disk, pins, readers, broker, clock; or ask the unit that runs what it finds."""
    from device.check import findings

    wrong = False
    for found in findings(read_unit_settings(settings), settings.parent):
        click.echo(f"{'ok   ' if found.good else 'WRONG'} {PARTS.get(found.part, found.part)}: {told(found)}")
        if to_do := cure(found):
            click.echo(f"      → {to_do}")
        wrong = wrong or not found.good
    sys.exit(REFUSED if wrong else 0)


@main.command()
@settings_file
@click.option("--udp", "port", type=click.IntRange(1024, 65534), default=7900, show_default=True, metavar="PORT")
def simulate(settings: Path, port: int) -> None:
    """Run the unit on virtual hardware: readers at UDP port PORT and the next.

    What it does is told on stdout, a line each; a line on stdin does something to it: leaf open, leaf closed, rex,
    fire on, tamper on, reader unplug, network cut, network back, clock SECONDS, …
    """
    from device.simulation.announcer import Announcer
    from device.simulation.console import Console
    from device.simulation.hardware import SimulatedHardware

    announcer = Announcer(sys.stdout)
    console = Console(lambda text: click.echo(text, err=True))

    def hardware(read: UnitSettings) -> SimulatedHardware:
        simulated = SimulatedHardware(read, port, announcer)
        console.attach(simulated)
        return simulated

    threading.Thread(target=console.follow, args=(sys.stdin,), name="console", daemon=True).start()
    _run_until_stopped(settings, hardware)
    announcer.close()


@main.command()
@click.argument("credential", required=False)
@click.option("--udp", "port", type=click.IntRange(1024, 65535), required=True, metavar="PORT", help="The reader.")
@click.option("--key", metavar="HEX", help="The door key of CREDENTIAL, 32 hex digits.")
@click.option("--badge", "file", type=click.Path(path_type=Path), metavar="FILE", help="The badge that lives in FILE.")
@click.option("--kind", type=click.Choice(["ntag424", "desfire", "uid", "phone"]), help="Of a badge that is made.")
@click.option("--blank", is_flag=True, help="A badge as it leaves its maker.")
@click.option("--phone", is_flag=True, help="A telephone: it shows another UID each time.")
@click.option("--clone", metavar="CREDENTIAL", help="A copy of that badge: its UID, without its keys.")
@click.option("--hold", type=click.FloatRange(0, 3600), default=0.5, show_default=True, metavar="SECONDS")
def tap(port: int, hold: float, **which: Any) -> None:
    """Hold a virtual badge to a simulated reader, then take it away.

    Which badge: CREDENTIAL, --badge, --blank, --phone or --clone. What a reader writes to the badge in FILE is there at
    the next reader; where there is no FILE, it is made, blank. All others are gone when they are taken away.
    """
    from device.simulation.choice import Choice, chosen

    try:
        choice = Choice(**which)
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    with chosen(port, choice) as badge:
        if badge.present(hold):
            return
    click.echo(f"no reader took the badge up at UDP port {port}: is the unit running?", err=True)
    sys.exit(REFUSED)


def _run_until_stopped(path: Path, hardware: Callable[[UnitSettings], Any]) -> None:
    from device.app import UnitProgram

    def once() -> bool:
        settings = read_unit_settings(path)
        unit = UnitProgram(settings, path.parent, hardware(settings))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: unit.stop())
        signal.signal(signal.SIGUSR1, lambda *_: unit.leave())  # the updater's: end when nothing is under way
        return unit.run()

    while once():
        logging.getLogger(__name__).info("starting anew, as told")
