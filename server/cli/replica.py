"""`poincon replica` and `poincon takeover`: the copy that goes on all the time, and the server that is made from it."""

import logging
import signal
import socket
import sys
from pathlib import Path
from threading import Event
from types import FrameType

import click

from server.cli.backups import READABLE, private_key, tell_of_badges
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.texts import say
from server.errors import Refusal
from server.replica import term, trial
from server.replica.keeper import ReplicaKeeper
from server.replica.takeover import TakenOver, take_over
from server.replica.target import Target, read_access, target_of
from server.site.connection_settings import is_loopback


@click.group(help="The copy of the books that goes on all the time ([replica] in the settings).")
def replica() -> None:
    """What belongs to it."""


@replica.command(help="Copies the books until SIGTERM, by Litestream.")
@pass_surroundings
def run(around: CliContext) -> None:
    """Ends at once, with status 0, where the settings want no copy."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    target = target_of(around.site)
    if target is None:
        click.echo(say("no copy is wanted: [replica] url is empty"), err=True)
        return
    stopping = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    ReplicaKeeper(around.site, target, around.now, stopping).run()


@replica.command(help="Fetches the copy on trial, and says whether a whole place could be made from it.")
@pass_surroundings
def check(around: CliContext) -> None:
    """Changes nothing."""
    target = _wanted(around)
    own = term.own_term(around.site)
    copied = target.copied(own) if own is not None else None
    if own is None or copied is None:
        raise Refusal("no_replica", where=target.shown, site=target.site)
    trial.try_copy(around.site, target, own, around.now())
    when = around.wall_to_the_second(copied.written_at)
    click.echo(say("{where}: a whole place, with everything until {when}", where=target.shown, when=when))


def _wanted(around: CliContext) -> Target:
    target = target_of(around.site)
    if target is None:
        raise Refusal("no_replica_wanted")
    return target


@click.command(help="Makes this machine the server, from the copy at URL, in the empty folder DIR.")
@click.argument("url")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--key-file", type=READABLE, help="A file with the private backup key; else it is asked for.")
@click.option("--site", help="Which place, where there are copies of several.")
@click.option("--access", type=READABLE, help="What the store asks for, as in secrets/replica.toml.")
@pass_surroundings
def takeover(
    around: CliContext, url: str, folder: Path, *, key_file: Path | None, site: str | None, access: Path | None
) -> None:
    """What may be missing is told, and how the units come back."""
    asked = read_access(access) if access else {}
    done = take_over(url, folder, lambda: private_key(key_file), site=site, access=asked, now=around.now())
    _tell(CliContext(folder, around.clock), done)


def _tell(made: CliContext, done: TakenOver) -> None:
    name = done.site.settings.site.name
    click.echo(say("{name}: the place is in {folder} (term {term})", name=name, folder=made.folder, term=done.term))
    when = made.wall_to_the_second(done.through)
    click.echo(say("The copy has everything until {when}. Look at what was sold or changed after that.", when=when))
    if done.newest.sale is not None and done.newest.sold_at is not None:
        sold_at = made.wall_to_the_second(done.newest.sold_at)
        click.echo(say("The last sale in it is number {number}, of {when}.", number=done.newest.sale, when=sold_at))
    click.echo(say("Taps are not lost: the units send again what is missing here."))
    tell_of_badges(done.site)
    host = done.site.settings.broker.host
    if not is_loopback(host) and host not in (socket.gethostname(), f"{socket.gethostname()}.local"):
        click.echo(say("The units look for {host}: give this machine that name or that address.", host=host))
    if not done.is_claimed:
        click.echo(say("The copy could not be written to: do not start the former server again."), err=True)
    click.echo(say("next: poincon -C {folder} serve", folder=made.folder), err=True)
