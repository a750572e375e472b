"""`poincon badge enrol`, `rekey`, `wipe` and `read`: a badge held to the reader that a desk lends."""

import time
from collections.abc import Callable

import click

from server.accounts.work import Work
from server.cli.arguments import NUMBER, json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.orders import the_operator, work_on
from server.cli.output import document, plain
from server.cli.texts import say
from server.enrolment.badge_work import BadgeOutcome, BadgeWork, T, work_of
from server.enrolment.card_order import CardOrder, act_of, must_lend
from server.enrolment.card_session import CardSessionState
from server.enrolment.lent_reader import LONGEST_S, LentReader, new_session
from server.enrolment.session_run import Act, SessionRun
from server.errors import Refusal
from server.i18n import card_labels
from server.mqtt import door_client

unit_option = click.option("--unit", required=True, help="The desk's unit whose reader is lent.")
for_option = click.option(
    "--for",
    "for_s",
    type=click.IntRange(1, int(LONGEST_S)),
    default=60,
    show_default=True,
    help="How many seconds a badge is awaited.",
)


@click.command(help="Gives keys to the badge that is held to a desk's reader, and the badge to a member.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@unit_option
@click.option("--uid", "as_copyable", is_flag=True, help="Also a card without keys, which anybody can copy.")
@for_option
@json_option
@pass_surroundings
def enrol(around: CliContext, member_id: int, unit: str, as_copyable: bool, for_s: int, as_json: bool) -> None:
    """Held again where it was taken away too soon, it is finished."""
    _show(_carried_out(around, CardOrder("enrol", member_id, as_copyable), unit, for_s), as_json)


@click.command(
    help="Gives the present keys to the badge that is held to a desk's reader; it stays whose it is. Without a rotation"
    " the key that signs its address is changed and what was torn is written anew; every other key changes with a"
    " rotation (poincon key rotate)."
)
@unit_option
@for_option
@json_option
@pass_surroundings
def rekey(around: CliContext, unit: str, for_s: int, as_json: bool) -> None:
    """After a rotation every key of it is another; within one version that of its mirror is, and what was torn is
    written anew: what was overheard of the other keys is worth nothing from the next rotation on.
    """
    _show(_carried_out(around, CardOrder("rekey"), unit, for_s), as_json)


@click.command(help="Makes the badge blank that is held to a desk's reader, and takes it from its member.")
@unit_option
@for_option
@json_option
@pass_surroundings
def wipe(around: CliContext, unit: str, for_s: int, as_json: bool) -> None:
    """As its maker made it: it can be enrolled again, here or elsewhere."""
    _show(_carried_out(around, CardOrder("wipe"), unit, for_s), as_json)


@click.command(help="Says what the badge is that is held to a desk's reader, and whose; nothing is changed.")
@unit_option
@for_option
@json_option
@pass_surroundings
def read(around: CliContext, unit: str, for_s: int, as_json: bool) -> None:
    """Which version of the keys it holds, too, and whether it is genuine."""
    _show(_carried_out(around, CardOrder("read"), unit, for_s), as_json)


def _carried_out(around: CliContext, order: CardOrder, unit: str, for_s: int) -> BadgeOutcome:
    """What the session came to; each step is told as it goes. Raises `Refusal` where it came to nothing."""
    session = new_session()
    with around.open_database() as db:

        def books(act: Callable[[Work], T]) -> T:
            with db.writing():
                return act(work_on(db, around))

        def means() -> BadgeWork:
            return work_of(around.site, unit, books)

        def prepared() -> Act[BadgeOutcome]:
            means()  # keys that cannot be read are told before a reader is borrowed
            return act_of(means, order)

        books(lambda work: must_lend(work, unit, is_live=False))
        with door_client.lending(around.site, unit, session, waits=_tell_wait) as line:
            reader = LentReader(line, time.monotonic)
            run: SessionRun[BadgeOutcome] = SessionRun(
                order.kind, for_s, reader, monotonic_s=time.monotonic, show=lambda state: _tell(state, unit)
            )
            state = run.carry_through(prepared, by=the_operator(), now=around.now())
    if state.refusal is not None:
        raise state.refusal.why
    if run.outcome is None:
        raise Refusal("badge_left_half_done") if state.is_begun else Refusal("no_badge_came", seconds=for_s)
    return run.outcome


def _tell_wait() -> None:
    """That another command has to be done first: under TLS the command line is one client of the broker at readers."""
    click.echo(say("another command is at a badge: this one begins when that is done"), err=True)


def _tell(state: CardSessionState, unit: str) -> None:
    """How it stands, in a line of its own; what it came to is told at the end."""
    if state.is_over:
        return
    nth, of = state.place_in_steps
    words = say(card_labels.SAYS[state.says], unit=unit)
    click.echo(f"{nth}/{of} {words}" if nth else words, err=True)


def _show(outcome: BadgeOutcome, as_json: bool) -> None:
    if as_json:
        document(outcome)
        return
    name = plain(outcome.name or "")
    click.echo(say(card_labels.OUTCOMES[outcome.what], credential=outcome.credential, name=name))
    for line in _further(outcome, name):
        click.echo(line)


def _further(outcome: BadgeOutcome, name: str) -> list[str]:
    """What else there is to say of a badge that was looked at."""
    if not outcome.what.startswith("read"):
        return []
    holder = say("the badge of {name} (no. {member})", name=name, member=outcome.member) if name else say("nobody's")
    lines = [holder, outcome.product]
    if outcome.key_version:
        lines.append(
            say(
                "keys of version {version}; the present one is {present}",
                version=outcome.key_version,
                present=outcome.present_version,
            )
        )
    if outcome.is_genuine is not None:
        lines.append(say("genuine") if outcome.is_genuine else say("a copy: its maker did not sign it"))
    if outcome.is_copyable:
        lines.append(say("can be copied"))
    return [line for line in lines if line]
