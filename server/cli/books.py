"""`poincon verify`: the books as a whole."""

import click

from server.cli.arguments import json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, table
from server.cli.texts import say
from server.errors import Refusal
from server.i18n import labels
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
