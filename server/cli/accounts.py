"""`poincon account` and `ledger`: what a member holds and owes, how each date came about, and the entries behind it."""

from datetime import date

import click

from device.contract.instant import Instant
from server.accounts.account_cache import current_account
from server.accounts.explanation_text import lines as lines_of
from server.accounts.statement import DayExplanation, Statement, explained, statement
from server.cli.arguments import DAY, MOMENT, NUMBER, json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, plain, table
from server.cli.texts import language, money, say, say_number
from server.core.charge.settlement import Account
from server.errors import Refusal
from server.i18n import labels
from server.i18n.speech import Speech
from server.site.rules_in_force import house_of
from server.store.accounts import ledger as entries
from server.store.accounts.ledger import LedgerEntry
from server.store.people import members


@click.command(help="What somebody holds and owes, date by date.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@click.option("--as-of", type=MOMENT, help="As it was at that moment, by all that is known now.")
@click.option("--explain", type=DAY, help="How the charge of that date came about.")
@json_option
@pass_surroundings
def account(around: CliContext, member_id: int, as_of: Instant | None, explain: date | None, as_json: bool) -> None:
    """From the books alone, whether or not the server runs."""
    if explain is not None:
        _explain(around, member_id, explain, as_json)
        return
    with around.open_database() as db:
        house = house_of(db, around.site.settings)
        told = statement(db, house, member_id, around.now(), as_of)
        name = members.find(db, member_id).name
        details = None if as_json or as_of else current_account(db, house, member_id, around.now())
    if as_json:
        document(told)
        return
    click.echo(say("member {id}: {name}", id=member_id, name=plain(name)))
    for line in _balance_lines(told, details):
        click.echo(f"  {line}")
    headings = (say("date"), say("minutes"), say("paid by"), say("taken"), say("owed"), "")
    rows = [
        (
            str(day.date),
            day.minutes,
            say(labels.PAYERS[day.paid_by]),
            _amounts(day.took),
            money(day.owed_cents) if day.owed_cents else "",
            _marks(day.automatic, day.corrected),
        )
        for day in told.days
    ]
    table(headings, rows, empty=say("no visits"))


@click.command(help="The entries behind somebody's account.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@click.option("-n", "--limit", type=click.IntRange(1), help="The newest so many.")
@json_option
@pass_surroundings
def ledger(around: CliContext, member_id: int, limit: int | None, as_json: bool) -> None:
    """In the order they were written; a balance is the sum of its entries."""
    with around.open_database() as db:
        members.find(db, member_id)
        found = entries.of_member(db, member_id, limit=limit)
    if as_json:
        document(found)
        return
    headings = (say("no."), say("date"), say("kind"), say("amount"), say("lot"), say("cause"), say("by"), say("time"))
    rows = [
        (
            each.id,
            str(each.day),
            _kind(each),
            _moved(each),
            each.lot,
            each.cause,
            each.operator or "",
            around.wall(each.written_at),
        )
        for each in found
    ]
    table(headings, rows, empty=say("no entries"))


def _explain(around: CliContext, member_id: int, day: date, as_json: bool) -> None:
    with around.open_database() as db:
        told = explained(db, house_of(db, around.site.settings), member_id, day, around.now())
    if told is None:
        raise Refusal("day_unknown", day=day)
    if as_json:
        document(told._asdict())
    else:
        for line in _explanation_lines(around, told):
            click.echo(line)


def _explanation_lines(around: CliContext, told: DayExplanation) -> list[str]:
    lines = lines_of(told.explanation, Speech(language()))
    for word in told.corrections:
        what = say("corrected") if word.correction else say("correction lifted")
        reason, when = word.reason or "–", around.wall(word.written_at)
        lines.append(say("{what}: {reason} ({who}, {when})", what=what, reason=reason, who=word.operator, when=when))
    lines.append(say("Entries:"))
    lines += [
        "  ".join(("", str(each.id), around.wall(each.written_at), _kind(each), _moved(each), each.cause))
        for each in told.entries
    ]
    return [plain(line) for line in lines]


def _balance_lines(told: Statement, details: Account | None) -> list[str]:
    lines = [say("held: {tickets}", tickets=_amounts({kind: n for kind, n in told.held.items() if n}) or "–")]
    if told.nomade_left is not None:
        lines.append(say("left of the allowance: {number} half-days", number=told.nomade_left))
    lines.append(say("owed: {amount}", amount=money(told.owed_cents)))
    if details is not None:
        today, remaining = details.checkpoint.day, details.checkpoint.remaining
        held = [(lot, remaining[lot.id]) for lot in details.valid_lots]
        held += [(details.lots[number], left) for number, left in sorted(details.expired.items())]
        for lot, left in held:
            facts = {"number": lot.id, "left": _number(left, lot.kind), "size": lot.size, "day": lot.last_day_on(today)}
            if lot.id in details.expired:
                lines.append(say("lot {number}: {left} left of {size}, EXPIRED on {day}", **facts))
            else:
                lines.append(say("lot {number}: {left} left of {size}, valid until {day}", **facts))
    return lines


def _amounts(took: dict[str, int]) -> str:
    return ", ".join(_number(number, kind) for kind, number in took.items())


def _number(number: int, kind: str) -> str:
    """`11 demi-journées`."""
    return say_number(*labels.AMOUNTS[kind], number)


def _kind(entry: LedgerEntry) -> str:
    return say(labels.ENTRY_KINDS[entry.kind])


def _moved(entry: LedgerEntry) -> str:
    if entry.what == "cents":
        return f"{'+' if entry.amount > 0 else ''}{money(entry.amount)}"
    if entry.what == "resident":
        return f"{entry.amount:+d} {say(labels.PAYERS[entry.what])}"
    sign = "+" if entry.amount > 0 else "-"
    return f"{sign}{_number(abs(entry.amount), entry.what)}"


def _marks(automatic: bool, corrected: bool) -> str:
    return ", ".join([say("automatic")] * automatic + [say("corrected")] * corrected)
