"""`poincon member`: the people of the place."""

import sys

import click

from device.contract.messages import Role
from server.cli.arguments import NUMBER, json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, plain, table
from server.cli.texts import say
from server.i18n import labels
from server.people.export import everything_about
from server.people.forget import forget as forget_member
from server.store.people import badges, members
from server.store.people.members import Member
from server.store.presence import stays


@click.group(help="The people of the place.")
def member() -> None:
    """Holds the commands below."""


@member.command(help="Adds a person.")
@click.argument("name")
@click.option("--email", help="Where to write to them.")
@click.option("--role", type=click.Choice(["member", "concierge"]), default="member", help="What they may do.")
@json_option
@pass_surroundings
def add(around: CliContext, name: str, email: str | None, role: Role, as_json: bool) -> None:
    """A new member, whose number is told."""
    with around.open_database() as db:
        added = members.add(db, name, email=email, role=role, now=around.now())
    if as_json:
        document(_row(added))
    else:
        click.echo(say("member {id}: {name}", id=added.id, name=plain(added.name)))


@member.command("list", help="Everybody, by name.")
@click.option("--search", default="", help="Only those whose name, address or number has this.")
@json_option
@pass_surroundings
def list_members(around: CliContext, search: str, as_json: bool) -> None:
    """Everybody who was not forgotten."""
    with around.open_database() as db:
        found = members.every(db, search=search)
    if as_json:
        document([_row(each) for each in found])
        return
    headings = (say("no."), say("name"), say("role"), say("e-mail"), say("standing"))
    rows = [(each.id, each.name, say(labels.ROLES[each.role]), each.email, _standing(each)) for each in found]
    table(headings, rows, empty=say("nobody"))


@member.command(help="One person, with their badges.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@json_option
@pass_surroundings
def show(around: CliContext, member_id: int, as_json: bool) -> None:
    """Who they are, their badges, and whether they are in."""
    with around.open_database() as db:
        shown = members.find(db, member_id)
        held = badges.every(db, member=member_id)
        is_inside = stays.is_inside(db, member_id)
    if as_json:
        document(_row(shown) | {"inside": is_inside, "badges": held})
        return
    click.echo(say("member {id}: {name}", id=shown.id, name=plain(shown.name)))
    facts = [
        (say("role"), say(labels.ROLES[shown.role])),
        (say("e-mail"), shown.email or "–"),
        (say("standing"), _standing(shown)),
        (say("is in"), say("yes") if is_inside else say("no")),
        (say("since"), around.wall(shown.created_at)),
        *((say("badge"), _badge_line(around, badge)) for badge in held),
    ]
    for name, fact in facts:
        click.echo(f"  {name:<12} {plain(fact)}")


@member.command(help="Refuses somebody at every door.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@click.option("--reason", required=True, help="Why; it stays in the books.")
@pass_surroundings
def suspend(around: CliContext, member_id: int, reason: str) -> None:
    """Their badges open nothing until they are restored."""
    with around.open_database() as db:
        suspended = members.suspend(db, member_id, reason, now=around.now())
    click.echo(say("{name} is suspended", name=plain(suspended.name)))


@member.command(help="Lets somebody in again who was suspended.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@pass_surroundings
def restore(around: CliContext, member_id: int) -> None:
    """Ends a suspension."""
    with around.open_database() as db:
        restored = members.restore(db, member_id)
    click.echo(say("{name} is let in again", name=plain(restored.name)))


@member.command(help="All that is known of somebody, as one JSON document.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@json_option
@pass_surroundings
def export(around: CliContext, member_id: int, as_json: bool) -> None:
    """What a member may ask for; always JSON, with `--json` or without."""
    with around.open_database() as db:
        document(everything_about(db, member_id))


@member.command(help="Forgets somebody for good; the books stay balanced.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_surroundings
def forget(around: CliContext, member_id: int, yes: bool) -> None:
    """Cannot be undone, so a person at a terminal is asked."""
    with around.open_database() as db:
        known = members.find(db, member_id)
        if not yes and sys.stdin.isatty():
            click.confirm(say("forget {name} for good?", name=plain(known.name)), abort=True, err=True)
        forget_member(db, member_id, now=around.now())
    click.echo(say("member {id} is forgotten", id=member_id))


def _row(member: Member) -> dict[str, object]:
    return {
        "id": member.id,
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "notes": member.notes,
        "created_at": member.created_at,
        "suspended_at": member.suspended_at,
        "suspended_for": member.suspended_for,
    }


def _standing(member: Member) -> str:
    if member.suspended_at is None:
        return say("ok")
    return say("suspended: {reason}", reason=member.suspended_for)


def _badge_line(around: CliContext, badge: badges.BadgeAssignment) -> str:
    if badge.ended_at is None:
        return (
            f"{badge.credential} ({say('can be copied')})" if badges.is_copyable(badge.credential) else badge.credential
        )
    ending = say(labels.ENDINGS[badge.ended_as]) if badge.ended_as else ""
    return f"{badge.credential} ({ending}, {around.wall(badge.ended_at)})"
