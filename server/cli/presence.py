"""`poincon present` and `poincon muster`: who is in, from the books alone, whether or not the server runs."""

from typing import NamedTuple

import click

from device.contract.instant import Instant
from server.cli.arguments import MOMENT, json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, plain, table
from server.cli.texts import say
from server.core.names import sort_key
from server.presence.attendance import Attendance, attendance
from server.site.rules_in_force import house_of
from server.store.people import members

RULE = "─" * 72


class Roll(NamedTuple):
    """Who is in at a moment, with their names."""

    at: Instant
    attendance: Attendance
    names: dict[int, str]

    @property
    def present(self) -> int:
        """Members and guests together, those included whose names were removed since."""
        return len(self.attendance.members) + self.attendance.nameless + len(self.attendance.guests)


@click.command(help="Who is in.")
@click.option("--at", type=MOMENT, help="At a moment of the past instead of now.")
@json_option
@pass_surroundings
def present(around: CliContext, at: Instant | None, as_json: bool) -> None:
    """Members by when they came, and how many guests."""
    roll = _roll(around, at)
    if as_json:
        document(_summary(roll))
        return
    headings = (say("no."), say("name"), say("since"))
    rows = [(visit.member, roll.names[visit.member], around.wall(visit.began_at)) for visit in roll.attendance.members]
    if rows:
        table(headings, rows, empty="")
    click.echo(_count(roll))


@click.command(help="The evacuation list, to print and tick off; works while the server is down.")
@json_option
@pass_surroundings
def muster(around: CliContext, as_json: bool) -> None:
    """Everybody who is in, by name, guests too, and how sure that is."""
    roll = _roll(around, None)
    if as_json:
        document(_summary(roll) | {"guest_list": roll.attendance.guests})
        return
    click.echo(say("EVACUATION LIST · {place}", place=plain(around.site.settings.site.name)))
    click.echo(say("as of {time} · {count}", time=around.wall_to_the_second(roll.at), count=_count(roll)))
    click.echo(RULE)
    for line in _tick_lines(around, roll):
        click.echo(line)
    if roll.attendance.uncertain:
        click.echo(RULE)
        click.echo(
            say(
                "Some left without a badge, up to {count}: whoever is missing may be among them.",
                count=roll.attendance.uncertain,
            )
        )


def _roll(around: CliContext, past: Instant | None) -> Roll:
    at = past or around.now()
    with around.open_database() as db:
        house = house_of(db, around.site.settings)
        return Roll(at, attendance(db, house, at, latest=past is None), members.names(db))


def _summary(roll: Roll) -> dict[str, object]:
    return {
        "present": roll.present,
        "guests": len(roll.attendance.guests),
        "uncertain": roll.attendance.uncertain,
        "as_of": roll.at,
        "members": [
            {"id": visit.member, "name": roll.names[visit.member], "since": visit.began_at}
            for visit in roll.attendance.members
        ],
    }


def _count(roll: Roll) -> str:
    text = say("{present} in, of them {guests} guests", present=roll.present, guests=len(roll.attendance.guests))
    if roll.attendance.uncertain:
        text += say(" (uncertain: {uncertain})", uncertain=roll.attendance.uncertain)
    return text


def _tick_lines(around: CliContext, roll: Roll) -> list[str]:
    people = [(roll.names[visit.member], visit.began_at, "") for visit in roll.attendance.members]
    people += [(each.name or say("a guest"), each.arrived_at, say("guest")) for each in roll.attendance.guests]
    people.sort(key=lambda person: sort_key(person[0]))
    lines = []
    for name, since, kind in people:
        known = say("since {time}", time=around.wall(since)[-5:])
        lines.append(f"[  ]  {plain(name):<40} {known}{f' · {kind}' if kind else ''}")
    return lines
