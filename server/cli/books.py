"""`poincon verify`, `backup` and `restore`: the books as a whole."""

from pathlib import Path

import click

from server.cli.arguments import json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.orders import work_on
from server.cli.output import document, table
from server.cli.texts import say
from server.errors import Refusal
from server.i18n import labels
from server.retention.nightly import purge_restored
from server.site import backup as backups
from server.site.rules_in_force import house_of
from server.store.people import members
from server.verify import verify as verification


@click.command(help="Recomputes who was in from the journal, and compares; status 1 where the books disagree.")
@json_option
@pass_surroundings
def verify(around: CliContext, as_json: bool) -> None:
    """Works beside a running server, and changes nothing."""
    with around.open_database() as db:
        differences = verification.verify(db, house_of(db, around.site.settings), around.now())
        names = members.names(db)
    if as_json:
        document({"agree": not differences, "differences": differences})
    elif not differences:
        click.echo(say("the books agree with the journal"))
    else:
        headings = (say("what"), say("who"), say("date"), say("in the books"), say("recomputed"))
        rows = [
            (
                say(labels.DIFFERENCES.get(each.subject, each.subject)),
                names.get(each.member or 0),
                str(each.day or ""),
                each.kept,
                each.counted,
            )
            for each in differences
        ]
        table(headings, rows, empty="")
    if differences:
        raise Refusal("books_disagree", count=len(differences))


@click.command(help="Writes the whole place into FILE while the server runs: books, settings, secrets.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_surroundings
def backup(around: CliContext, file: Path) -> None:
    """A file that exists is refused, and nobody else on the machine can read the new one."""
    backups.write_backup(around.site, file)
    click.echo(say("{file}: the place is in it, secrets included; keep it safe", file=file))


@click.command(help="Puts the place of FILE into the folder, which must be empty.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_surroundings
def restore(around: CliContext, file: Path) -> None:
    """What units reported since the backup, they hand over again; what was past its time since then goes at once."""
    backups.restore_backup(file, around.folder)
    with around.open_database() as db:
        purge_restored(work_on(db, around))
    click.echo(say("{folder}: the place is back", folder=around.folder))
