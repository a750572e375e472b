"""`poincon backup`, `restore` and `backup-key`: the whole place in one file, and back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from server.backups import backup as backups
from server.backups import sealing
from server.backups.nightly import back_up_nightly
from server.backups.restoring import bring_back
from server.cli.arguments import json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.orders import the_operator
from server.cli.output import document
from server.cli.texts import say
from server.site.backup import Progress, refuse_filled, untold
from server.site.folder import SiteFolder

LONG = 64 << 20
"""Bytes of the books from which on one waits long enough to be told how far it is."""

FOLDER = click.Path(file_okay=False, path_type=Path)
READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(help="Writes the whole place into FILE while the server runs: books, settings, secrets.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--nightly", metavar="FOLDER", type=FOLDER, help="A new backup in FOLDER, checked; old ones go.")
@pass_surroundings
def backup(around: CliContext, file: Path | None, nightly: Path | None) -> None:
    """A file that exists is refused, and nobody else on the machine can read the new one."""
    if (file is None) == (nightly is None):
        raise click.UsageError(say("give the name of a new file, or --nightly and a folder"))
    if nightly is not None:
        with _progress(around.site.database_path) as progress:
            note = back_up_nightly(around.site, nightly, around.now(), progress)
        click.echo(say("{file}: written, read back and found right", file=note.file))
        if not note.sealed:
            click.echo(say("it is not sealed: make a key with poincon backup-key new"), err=True)
        return
    assert file is not None
    with _progress(around.site.database_path) as progress:
        backups.back_up(around.site, file, progress)
    if file.suffix == sealing.SEALED:
        click.echo(say("{file}: the place is in it, sealed; only the private backup key opens it", file=file))
    else:
        click.echo(say("{file}: the place is in it, secrets included; keep it safe", file=file))


@click.command(help="Puts the place of FILE into the folder, which must be empty.")
@click.argument("file", type=READABLE)
@click.option("--key-file", type=READABLE, help="A file with the private backup key; else it is asked for.")
@pass_surroundings
def restore(around: CliContext, file: Path, key_file: Path | None) -> None:
    """What units reported since the backup, they hand over again; what was past its time since then goes at once."""
    refuse_filled(around.folder)  # before anybody fetches the key from the safe
    key = private_key(key_file) if sealing.is_sealed(file) else None
    with file.open("rb") as content:
        bring_back(content, file, around.folder, key, now=around.now(), by=the_operator())
    click.echo(say("{folder}: the place is back", folder=around.folder))
    tell_of_badges(around.site)


def tell_of_badges(site: SiteFolder) -> None:
    """What becomes of badges that were written after these books were, which they cannot know of."""
    versions = ", ".join(map(str, sorted(site.badge_keys.by_version)))
    click.echo(
        say(
            "Badges that were given out or given new keys after that: hold each to the desk once, and give it keys"
            " anew."
        )
    )
    click.echo(
        say(
            "The badge keys in it: version {versions}. Was a newer one begun after that? Then first bring it back from"
            " its printed words: poincon key import",
            versions=versions,
        )
    )


@click.group("backup-key", help="The key that backups are sealed with.")
def backup_key() -> None:
    """What belongs to it."""


@backup_key.command(help="Makes another key, and shows the private part of it, once.")
@json_option
@pass_surroundings
def new(around: CliContext, as_json: bool) -> None:
    """Backups made so far are opened by the key that they were sealed with, by no other."""
    former = sealing.public_key(around.site)
    key = sealing.new_key(around.site)
    if as_json:
        document({"private": key, "public": sealing.public_key(around.site), "former": former})
        return
    show(key)
    if former is not None:
        click.echo(
            say("backups made so far still need the former key ({key}): keep both, until they are gone", key=former),
            err=True,
        )


def show(key: str) -> None:
    """The private key, and what to do with it."""
    click.echo(say("The private backup key, shown only now. Write it down and put it into the safe:"))
    click.echo(f"\n    {key}\n")
    click.echo(say("Without it no backup can be opened; with it anybody can open them all."))


def private_key(key_file: Path | None) -> str:
    """The private key as somebody has it: from their file, typed in unseen, or from the standard input."""
    if key_file is not None:
        return key_file.read_text("utf-8")
    if sys.stdin.isatty():
        return str(click.prompt(say("Private backup key"), hide_input=True, err=True))
    return sys.stdin.read()


@contextmanager
def _progress(books: Path) -> Iterator[Progress]:
    """A bar on the standard error, for books that take a while, where somebody looks on."""
    if not books.exists() or books.stat().st_size < LONG:
        yield untold
        return
    with click.progressbar(length=100, label=say("Backup"), file=sys.stderr) as bar:
        yield lambda done, whole: bar.update(done * 100 // max(whole, 1) - bar.pos)
