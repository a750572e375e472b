"""`poincon unit update`: the units brought to a release by the running server, one at a time."""

import time
from pathlib import Path

import click

from server.cards.release import own_release
from server.cli.arguments import json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.orders import the_operator
from server.cli.output import document
from server.cli.texts import say
from server.errors import Refusal
from server.i18n import labels
from server.store.units import units
from server.updates import release, rounds
from server.updates.rounds import RoundOrder, UnitUpdate, UpdateRound

BEGINS_WITHIN_S = 15.0
LOOK_S = 0.5


@click.command(help="Updates units one at a time, without names all of them; one that fails goes back, and ends it.")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option(
    "--release",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The release to give; else the one that this server was installed from.",
)
@json_option
@pass_surroundings
def update(around: CliContext, names: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """The server does it; this waits and tells. Ended here, it goes on there."""
    site = around.site
    own = own_release()
    given = folder or (own.folder if own else None)
    if given is None:
        raise Refusal("no_own_release")
    rounds.see_reachable(site.settings)
    with around.open_database() as db:
        chosen = [unit.name for unit in rounds.in_order(units.every(db), names)]
    if not chosen:
        raise Refusal("no_unit_to_update")
    packed = release.packed(given, site.folder)
    rounds.lay_down(RoundOrder(release=packed.id, operator=the_operator(), units=chosen), site.folder)
    click.echo(say("to {release}: {units}", release=packed.id, units=", ".join(chosen)), err=True)
    ended = _followed(_begun(site.folder), site.folder)
    if as_json:
        told = [{"name": each.unit, "result": each.step, "why": each.why} for each in ended.units]
        document({"release": ended.release, "units": told})
    if not ended.all_updated:
        raise Refusal("units_not_updated")
    if not as_json:
        click.echo(say("every unit runs {release}", release=ended.release))


def _begun(site: Path) -> UpdateRound:
    """The round that the server made of the order; raises `Refusal` where it makes none."""
    ends_s = time.monotonic() + BEGINS_WITHIN_S
    while rounds.read_order(site) is not None:
        if time.monotonic() > ends_s and rounds.take_back(site):
            raise Refusal("update_not_begun")
        time.sleep(LOOK_S)
    made = rounds.read_round(site)
    if made is None:
        raise Refusal("update_not_begun")
    return made


def _followed(made: UpdateRound, site: Path) -> UpdateRound:
    """The round when it is over; each unit's steps are told on the way."""
    told: dict[str, UnitUpdate] = {}
    while True:
        for each in made.units:
            if each.step != "waiting" and (each.unit not in told or told[each.unit].step != each.step):
                click.echo(_line(each), err=True)
                told[each.unit] = each
        if made.ended_at is not None:
            return made
        time.sleep(LOOK_S)
        made = rounds.read_round(site) or made


def _line(each: UnitUpdate) -> str:
    text = say(labels.UPDATE_STEPS[each.step])
    if each.why:
        text = say("{what}: {told}", what=text, told=_fault(each.why))
    return say("{what}: {told}", what=each.unit, told=text)


def _fault(why: str) -> str:
    code, _gap, about = why.partition(" ")
    named = say(labels.ALARMS[about]) if code == "alarm" and about in labels.ALARMS else about
    text = say(labels.UPDATE_FAULTS.get(code, code))
    return f"{text} ({named})" if named else text
