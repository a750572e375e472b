"""`poincon display`: who may listen at the broker to how many are in, and to nothing else."""

from pathlib import Path

import click

from server.cli.arguments import json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, table
from server.cli.texts import say
from server.site.certificates import HOME_ASSISTANT
from server.site.display_card import write_display_files


@click.group(help="Screens and programs that only listen to the broker: occupancy, hours, rooms.")
def display() -> None:
    """Holds the commands below."""


@display.command(help="Makes an identity for a display, which can be taken back by itself.")
@click.argument("name", required=False)
@click.option(
    "--home-assistant", is_flag=True, help="For Home Assistant: also what it discovers, and the units' states."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The folder to make; else displays/NAME.")
@json_option
@pass_surroundings
def add(around: CliContext, name: str | None, home_assistant: bool, out: Path | None, as_json: bool) -> None:
    """A certificate and its key, to be carried to where the display is."""
    if home_assistant == bool(name):
        raise click.UsageError(say("give a display's NAME, or --home-assistant"))
    name = name or HOME_ASSISTANT
    folder = out or around.site.folder / "displays" / name
    write_display_files(around.site, folder, name)
    if as_json:
        document({"name": name, "folder": str(folder)})
    else:
        click.echo(say("display {name}: {folder} is ready", name=name, folder=folder))


@display.command("list", help="The displays that have an identity.")
@json_option
@pass_surroundings
def list_displays(around: CliContext, as_json: bool) -> None:
    """By name."""
    names = around.site.displays
    if as_json:
        document([{"name": name} for name in names])
    else:
        table([say("name")], [(name,) for name in names], empty=say("no displays"))


@display.command(help="Takes a display's identity back.")
@click.argument("name")
@pass_surroundings
def remove(around: CliContext, name: str) -> None:
    """Its certificate is refused once the broker has started again."""
    around.site.revoke_display(name)
    click.echo(say("display {name} is removed", name=name))
    click.echo(say("start Mosquitto again to shut it out: systemctl restart mosquitto"), err=True)
