"""`poincon unit` and `poincon open`: the units of the place, and a door opened from here."""

import getpass
import sys
from pathlib import Path

import click

from device.contract.messages import UnitKind
from server.cli.arguments import json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.keys import tell_rotation
from server.cli.output import document, plain, table
from server.cli.texts import say, say_number
from server.cli.updates import update
from server.errors import Refusal
from server.i18n import labels
from server.mqtt import door_client
from server.mqtt.door_command import command_door
from server.site import key_rotation
from server.site.unit_card import Readers, unit_settings, write_unit_files
from server.store.people import badge_keys
from server.store.units import units
from server.store.units.units import Unit


@click.group(help="The units of the place: doors, rooms, desks.")
def unit() -> None:
    """Holds the commands below."""


unit.add_command(update)

out_option = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="The folder to make; else units/NAME."
)
readers_option = click.option(
    "--readers",
    type=click.Choice(["both", "entry", "toggle"]),
    default="both",
    help="Of a door: one each side, outside alone, or one for both ways.",
)


@unit.command(help="Adds a unit, and makes what goes on its card.")
@click.argument("name")
@click.option("--kind", type=click.Choice(["door", "room", "desk"]), required=True, help="What it is.")
@click.option("--room", help="Of a room unit: the id of its room.")
@out_option
@readers_option
@json_option
@pass_surroundings
def add(
    around: CliContext,
    name: str,
    *,
    kind: UnitKind,
    room: str | None,
    out: Path | None,
    readers: Readers,
    as_json: bool,
) -> None:
    """Its settings under the rules of the place, its secrets, and its place in the books."""
    site = around.site
    known = [each.id for each in site.settings.rooms]
    if room is not None and room not in known:
        raise Refusal("no_such_room", room=room, rooms=", ".join(known))
    folder = out or site.folder / "units" / name
    with around.open_database() as db, db.writing():
        added = units.add(db, name, kind, room=room, now=around.now())
        write_unit_files(site, folder, unit_settings(site.settings, name, kind, room, readers))
    if as_json:
        document({"name": added.name, "kind": added.kind, "room": added.room, "folder": str(folder)})
    else:
        click.echo(say("unit {name}: {folder} is ready for its card", name=name, folder=folder))


@unit.command("list", help="The units, and how they are.")
@json_option
@pass_surroundings
def list_units(around: CliContext, as_json: bool) -> None:
    """By name, with the last that each said of itself."""
    with around.open_database() as db:
        found = units.every(db)
    if as_json:
        document(found)
        return
    headings = [say("name"), say("kind"), say("room"), say("connected"), say("last heard"), say("version")]
    headings += [say("outbox"), say("alarms")]
    table(headings, [_cells(around, each) for each in found], empty=say("no units"))


@unit.command(help="Makes a unit's card again: its former certificate is refused from now on.")
@click.argument("name")
@out_option
@readers_option
@pass_surroundings
def renew(around: CliContext, name: str, out: Path | None, readers: Readers) -> None:
    """For a card that was lost, or settings that changed; a folder that has one already is refused."""
    site = around.site
    with around.open_database() as db:
        known = units.find(db, name)
    folder = out or site.folder / "units" / name
    write_unit_files(site, folder, unit_settings(site.settings, name, known.kind, known.room, readers))
    click.echo(say("unit {name}: {folder} is ready for its card", name=name, folder=folder))


@unit.command(help="Takes a unit out of the place; what it reported stays.")
@click.argument("name")
@click.option(
    "--rotate/--no-rotate", default=None, help="Of one that was stolen: begin a new version of the badge keys."
)
@pass_surroundings
def remove(around: CliContext, name: str, rotate: bool | None) -> None:
    """Its certificate is refused once the broker has started again, and with it every connection made under it."""
    with around.open_database() as db:
        held = [] if units.find(db, name).kind == "room" else badge_keys.with_door_keys(db)
        units.remove(db, name, now=around.now())
        holders = key_rotation.holders(db, held)
    around.site.revoke_unit(name)
    click.echo(say("unit {name} is removed", name=name))
    if around.site.settings.broker.tls:
        click.echo(say("start Mosquitto again to shut it out: systemctl restart mosquitto"), err=True)
    if not held:
        return
    number = say_number(*labels.BADGES_COUNTED["held"], len(held))
    click.echo(say("{badges}: {holders}", badges=number, holders=plain(holders)))
    if rotate is None and sys.stdin.isatty():
        rotate = click.confirm(say("Was it stolen or lost? Then begin a new version of the badge keys"), err=True)
    if rotate and around.site.badge_keys.former is not None:
        click.echo(say("new badge keys are under way already: finish them first, then poincon key rotate"))
    elif rotate:
        with around.open_database() as db:
            keys = key_rotation.rotate(db, around.site.secrets_folder, around.now())
            tell_rotation(keys, len(badge_keys.left_on(db, keys.present - 1)))
    else:
        click.echo(say("if it was stolen or lost: poincon key rotate"))


@click.command("open", help="Opens a door once.")
@click.argument("name", metavar="UNIT")
@pass_surroundings
def open_door(around: CliContext, name: str) -> None:
    """Waits until the unit says that it did."""
    with around.open_database() as db:
        if units.find(db, name).kind != "door":
            raise Refusal("not_a_door", name=name)
    with door_client.connected(around.site, name) as door:
        command_door(door, "release", by=getpass.getuser(), now=around.now())
    click.echo(say("{name} is open", name=name))


def _cells(around: CliContext, unit: Unit) -> tuple[str | int | None, ...]:
    state = unit.state
    return (
        unit.name,
        say(labels.UNIT_KINDS[unit.kind]),
        unit.room,
        say("yes") if state and state.online else say("no"),
        around.wall_to_the_second(unit.heard_at) if unit.heard_at else say("never"),
        state.version if state else None,
        state.outbox if state else None,
        ", ".join((state.alarms or []) if state else []),
    )
