"""`poincon display`: what reads the broker without being a unit, displays and Home Assistant."""

from pathlib import Path

import click

from server.certificates import DISPLAY, HOME_ASSISTANT
from server.cli.arguments import json_option
from server.cli.output import document
from server.cli.surroundings import Surroundings, pass_surroundings
from server.cli.texts import say
from server.client_files import write_client_files


@click.group(help="What reads the broker without being a unit: displays, Home Assistant.")
def display() -> None:
    """Holds the commands below."""


@display.command(help="Makes the files by which a display reads the broker: occupancy, hours and rooms.")
@click.option(
    "--home-assistant", is_flag=True, help="For Home Assistant: also what it discovers, and the units' states."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The folder to make; else displays/NAME.")
@json_option
@pass_surroundings
def add(around: Surroundings, home_assistant: bool, out: Path | None, as_json: bool) -> None:
    """Home Assistant's former files are refused from then on; displays share theirs."""
    name = HOME_ASSISTANT if home_assistant else DISPLAY
    folder = out or around.site.folder / "displays" / name
    write_client_files(around.site, folder, name)
    broker = around.site.settings.broker
    if as_json:
        document({"name": name, "folder": str(folder), "host": broker.host, "port": broker.port})
        return
    where = {"name": name, "folder": folder, "host": broker.host, "port": broker.port}
    click.echo(say("{name}: {folder} has its certificate for the broker at {host}, port {port}", **where))
    click.echo(say("let Mosquitto read its files again: systemctl reload mosquitto"), err=True)
