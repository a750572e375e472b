"""`poincon purge` and `notice`: what is past its time is removed, and people are told of it."""

from pathlib import Path

import click

from server.cli.arguments import json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.orders import work_on
from server.cli.output import document, table
from server.cli.texts import language, say
from server.formats.notice_page import page
from server.i18n import labels
from server.i18n.speech import Speech
from server.retention.notice import notice as notice_of
from server.retention.purge import purge as purge_books

STYLE = Path(__file__).parents[1] / "web" / "static" / "notice.css"


@click.command(help="Removes what is past its time: names, then books, and what lies beside them.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@json_option
@pass_surroundings
def purge(around: CliContext, dry_run: bool, as_json: bool) -> None:
    """Works beside a running server; the second time there is nothing left to do."""
    with around.open_database() as db:
        if dry_run:
            with db.copy_in_memory() as copy:
                purged = purge_books(work_on(copy, around))
        else:
            purged = purge_books(work_on(db, around))
            db.leave_no_trace(owns_log=not around.site.settings.replica.url)
    told = {
        "names_through": purged.names_through,
        "books_through": purged.books_through,
        "removed": dict(sorted(purged.rows.items())),
        "forgotten": purged.forgotten,
    }
    if as_json:
        document(told | {"dry_run": dry_run})
        return
    rows = [(say(labels.TABLES.get(name, name)), number) for name, number in sorted(purged.rows.items())]
    if purged.forgotten:
        rows.append((say("members who left, forgotten"), len(purged.forgotten)))
    heading = say("would be removed") if dry_run else say("removed")
    table((heading, say("rows")), rows, empty=say("nothing is past its time"))
    if purged.names_through is not None:
        click.echo(say("names are kept after {day}", day=purged.names_through))
    if purged.books_through is not None:
        click.echo(say("books are kept after {day}", day=purged.books_through))


@click.command(help="The notice for beside the reader, a page to print: what is kept of whom, and for how long.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Into that file instead.")
@pass_surroundings
def notice(around: CliContext, out: Path | None) -> None:
    """HTML, A4 when it is printed, with its style in it; in the language that is asked for (--lang)."""
    style = f"<style>\n{STYLE.read_text('utf-8')}</style>"
    text = page(notice_of(around.site.settings, Speech(language())), style)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")
        click.echo(say("{file}: open it in a browser, and print it", file=out), err=True)
