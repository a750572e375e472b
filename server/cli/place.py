"""`poincon init`, `serve` and `broker`: the place itself."""

import sys
from pathlib import Path

import click

from device.contract.toml_file import parse
from server.backups.sealing import new_key
from server.cli.arguments import json_option
from server.cli.backups import show
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, plain
from server.cli.texts import say
from server.site import folder as sites
from server.site.settings import ServerSettings, SiteSettings, checked

DEFAULTS = SiteSettings()


@click.command(help="Makes a place in DIR: its settings, its secrets, empty books.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--id", "site_id", default=DEFAULTS.id, help="Its name on the wire: a-z, 0-9 and -.")
@click.option("--name", default=DEFAULTS.name, help="Its name for people.")
@click.option("--timezone", default=DEFAULTS.timezone, help="Where its clock is.")
@click.option("--host", default="127.0.0.1", help="Where units find the broker; TLS unless it is this machine.")
@json_option
@pass_surroundings
def init(around: CliContext, folder: Path, *, site_id: str, name: str, timezone: str, host: str, as_json: bool) -> None:
    """Refuses a folder that has a place already."""
    site = parse({"id": site_id, "name": name, "timezone": timezone}, SiteSettings, "init")
    checked(ServerSettings(site=site), "init")
    made = sites.create(folder, site, host)
    key = new_key(made)
    if as_json:
        document({"folder": str(folder), "id": made.settings.site.id, "backup_key": key})
        return
    click.echo(say("{name}: the place is made in {folder}", name=plain(name), folder=folder))
    show(key)
    click.echo(
        say("next: poincon -C {folder} operator add NAME, then poincon -C {folder} serve", folder=folder), err=True
    )


@click.command(help="Runs the server until SIGTERM: books, doors, dashboard.")
@pass_surroundings
def serve(around: CliContext) -> None:
    """Returns when it was told to stop."""
    from server.app import serve as serve_place  # the whole server, which no other command needs

    sys.exit(serve_place(around.site))


@click.command(help="Writes Mosquitto's files again, by the present settings.")
@click.option("--user", help="Who Mosquitto runs as when root starts it; else its own user.")
@json_option
@pass_surroundings
def broker(around: CliContext, user: str | None, as_json: bool) -> None:
    """With a new certificate for the broker."""
    site = around.site
    site.write_broker_files(user)
    configuration = site.broker_folder / "mosquitto.conf"
    if as_json:
        document({"configuration": str(configuration)})
    else:
        click.echo(say("run it with: mosquitto -c {configuration}", configuration=configuration))
