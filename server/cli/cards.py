"""`poincon card`: what is copied onto the boot partition of a flashed card, for a unit, the server or a screen."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from server.cards.boot_partition import BootPartition
from server.cards.card import DISPLAY_HOST, SERVER_HOST, CardSubject, MachineCard, unit_host
from server.cards.first_start import FirstStart, Wifi, ssh_key_of, wifi_of
from server.cards.release import ReleaseFolder, own_release, release_in
from server.cards.writing import write_folder, write_onto, write_zip
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.texts import say
from server.errors import Refusal
from server.site.unit_card import PROFILES, USUAL_PROFILE, Readers, files_of_folder, unit_files, unit_settings
from server.store.units import units

F = TypeVar("F", bound=Callable[..., Any])


class Destination(NamedTuple):
    """Where the card goes, one of the three; and what all cards have in common."""

    out: Path | None
    zip_file: Path | None
    onto: Path | None
    release: ReleaseFolder | None
    first_start: FirstStart

    def write(self, subject: CardSubject) -> None:
        """Makes the card and says where it is."""
        card = MachineCard(subject, self.release, self.first_start)
        if self.out is not None:
            write_folder(card, self.out)
        elif self.onto is not None:
            write_onto(card, BootPartition(self.onto))
        elif self.zip_file is not None:
            _write_zip(card, self.zip_file)
        where = self.out or self.onto or self.zip_file
        click.echo(say("the card of {host} is ready: {where}", host=subject.host, where=where))
        if card.release is None:
            click.echo(say("it has no program yet: make one with make release, and name it with --release"), err=True)


def destination_options(command: F) -> F:
    """Adds the options that every card has; the command is given them by their names, `destination_of` reads them."""
    options = (
        click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="A new folder for the card."),
        click.option("--zip", "zip_file", type=click.Path(dir_okay=False, path_type=Path), help="A new ZIP."),
        click.option(
            "--onto",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="The boot partition of a flashed card, where it is mounted.",
        ),
        click.option(
            "--release",
            type=click.Path(file_okay=False, path_type=Path),
            help="The release to install, as make release makes it; else the one that this program came from.",
        ),
        click.option("--wifi", metavar="NAME", help="A Wi-Fi network to join; its password is asked for."),
        click.option("--password-stdin", is_flag=True, help="Read the password from the standard input."),
        click.option(
            "--ssh-key",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A public key whose owner may log in over SSH, as poincon-admin.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def destination_of(options: dict[str, Any]) -> Destination:
    """What was typed, looked at before anything is made."""
    out, zip_file, onto = options["out"], options["zip_file"], options["onto"]
    if sum(each is not None for each in (out, zip_file, onto)) != 1:
        raise click.UsageError(say("say where the card goes: --out, --zip or --onto"))
    release = release_in(options["release"]) if options["release"] else own_release()
    key = options["ssh_key"]
    start = FirstStart(
        wifi=_wifi(options["wifi"], options["password_stdin"]),
        ssh_key=ssh_key_of(key.read_text("utf-8", "replace")) if key else "",
    )
    if onto is not None:
        wants_wifi = start.wifi is not None or bool(start.ssh_key)
        BootPartition(onto).check(wants_wifi=wants_wifi, has_program=release is not None)
    return Destination(out, zip_file, onto, release, start)


@click.group(help="What makes a machine of a flashed card: for a unit, the server, a screen.")
def card() -> None:
    """Holds the commands below."""


@card.command("unit", help="Makes the card of a unit of this place, with a new identity: the former is refused.")
@click.argument("name")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that unit add or unit renew made: its identity is kept.",
)
@click.option(
    "--readers",
    type=click.Choice(["both", "entry", "toggle"]),
    default="both",
    help="Of a door: one each side, outside alone, or one for both ways.",
)
@click.option("--hardware", type=click.Choice(list(PROFILES)), default=USUAL_PROFILE, help="Which Pi it is.")
@destination_options
@pass_surroundings
def unit_card(
    around: CliContext, /, name: str, *, source: Path | None, readers: Readers, hardware: str, **options: Any
) -> None:
    """A unit that the books know; nothing is made anew where the card cannot be written."""
    destination = destination_of(options)
    site = around.site
    with around.open_database() as db:
        known = units.find(db, name)
    if source is not None:
        files = files_of_folder(source, name)
    else:
        settings = unit_settings(site.settings, name, known.kind, known.room, readers, profile=hardware)
        files = unit_files(site, settings)
    destination.write(CardSubject("unit", unit_host(name), files))


@card.command("server", help="Makes the card of a server, which asks for its place's name in a browser.")
@click.option("--host", default=SERVER_HOST, help="The name of its machine; NAME.local leads there.")
@destination_options
def server_card(host: str, **options: Any) -> None:
    """It holds no secret and knows of no place."""
    destination_of(options).write(CardSubject("server", host))


@card.command("display", help="Makes the card of a screen on a wall, which shows one page.")
@click.argument("url")
@click.option("--host", default=DISPLAY_HOST, help="The name of its machine; NAME.local leads there.")
@destination_options
def display_card(url: str, host: str, **options: Any) -> None:
    """The page is one of the server, such as http://poincon.local/display."""
    destination_of(options).write(CardSubject("display", host, url=url))


def _wifi(name: str | None, from_stdin: bool) -> Wifi | None:
    if name is None:
        return None
    if from_stdin:
        return wifi_of(name, sys.stdin.readline().rstrip("\r\n"))
    return wifi_of(
        name, click.prompt(say("password of the Wi-Fi network {name}", name=name), hide_input=True, err=True)
    )


def _write_zip(card: MachineCard, file: Path) -> None:
    if file.exists():
        raise Refusal("file_exists", file=file)
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.touch(mode=0o600)
        with beside.open("wb") as stream:
            write_zip(card, stream)
        beside.rename(file)
    finally:
        beside.unlink(missing_ok=True)
