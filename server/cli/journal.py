"""`poincon journal` and `poincon faults`: what happened at the doors, and what was set aside."""

from base64 import b64encode

import click

from device.contract.instant import Instant
from server.cli.arguments import MOMENT, json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, table
from server.cli.sentences import sentence
from server.cli.texts import say
from server.i18n import labels
from server.store.journal import faults as fault_store
from server.store.journal import journal as journal_store
from server.store.journal.faults import Fault
from server.store.journal.journal import JournalEntry
from server.store.people import members

SHOWN_UNASKED = 100
"""Newest lines shown to people who named neither a time nor a number."""
PAYLOAD_SHOWN = 60


@click.command(help="What happened at the doors, in order of time.")
@click.option("--since", type=MOMENT, help="From this time on; without it, people see the newest 100 lines.")
@click.option("--unit", help="Of one unit alone.")
@click.option("--limit", type=click.IntRange(1), help="The newest so many.")
@json_option
@pass_surroundings
def journal(around: CliContext, since: Instant | None, unit: str | None, limit: int | None, as_json: bool) -> None:
    """One line an event; those that came late stand where they happened."""
    if limit is None and since is None and not as_json:
        limit = SHOWN_UNASKED
    with around.open_database() as db:
        lines = journal_store.lines(db, since=since, unit=unit, limit=limit)
        names = members.names(db)
    if as_json:
        document([_row(line) for line in lines])
        return
    headings = (say("time"), say("unit"), say("what happened"))
    rows = [(around.wall_to_the_second(line.at), line.unit, sentence(line, names)) for line in lines]
    table(headings, rows, empty=say("nothing happened"))


@click.command(help="What was set aside: malformed messages, and events that cannot be believed.")
@click.option("--limit", type=click.IntRange(1), help="The newest so many.")
@json_option
@pass_surroundings
def faults(around: CliContext, limit: int | None, as_json: bool) -> None:
    """In order of arrival, with what was sent."""
    with around.open_database() as db:
        found = fault_store.newest(db, limit=limit or fault_store.MAX_KEPT)
        ever = fault_store.count(db)
    if as_json:
        document([_fault_row(fault) for fault in found])
        return
    headings = (say("time"), say("kind"), say("topic"), say("what is wrong"), say("message"))
    rows = [
        (
            around.wall_to_the_second(fault.received_at),
            say(labels.SET_ASIDE[fault.kind]),
            fault.topic,
            fault.fault,
            _payload(fault),
        )
        for fault in found
    ]
    table(headings, rows, empty=say("nothing was set aside"))
    if ever > len(found):
        click.echo(say("{ever} were set aside in all; not all of them are kept", ever=ever), err=True)


def _row(line: JournalEntry) -> dict[str, object]:
    event = {key: value for key, value in line.event.items() if key not in ("at", "kind")}
    return {
        "unit": line.unit,
        "epoch": line.epoch,
        "seq": line.seq,
        "at": line.at,
        "received_at": line.received_at,
        "kind": line.kind,
        "member": line.member,
        **event,
    }


def _fault_row(fault: Fault) -> dict[str, object]:
    return {
        "received_at": fault.received_at,
        "kind": fault.kind,
        "topic": fault.topic,
        "unit": fault.unit,
        "epoch": fault.epoch,
        "seq": fault.seq,
        "fault": fault.fault,
        "payload": fault.payload.decode("utf-8", "backslashreplace"),
        "payload_base64": b64encode(fault.payload).decode(),
    }


def _payload(fault: Fault) -> str:
    text = fault.payload[: 4 * PAYLOAD_SHOWN].decode("utf-8", "backslashreplace")
    return text if len(text) <= PAYLOAD_SHOWN else f"{text[: PAYLOAD_SHOWN - 1]}…"
