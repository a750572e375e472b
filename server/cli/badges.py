"""`poincon badge`: which badge is whose."""

from datetime import date

import click

from device.contract.keys import DOOR_SLOT
from server.cli import card_sessions
from server.cli.arguments import DAY, NUMBER, json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, plain, table
from server.cli.texts import say, say_number
from server.core.doors.key_diversification import badge_key
from server.errors import Refusal
from server.i18n import labels
from server.store.people import badge_keys, badges, members
from server.store.people.badges import BadgeAssignment, checked_credential


@click.group(help="Badges, and whose they are.")
def badge() -> None:
    """Holds the commands below."""


for each in (card_sessions.enrol, card_sessions.rekey, card_sessions.wipe, card_sessions.read):
    badge.add_command(each)


@badge.command(help="Gives a badge to a member.")
@click.argument("member_id", metavar="ID", type=NUMBER)
@click.argument("credential")
@click.option("--until", type=DAY, help="The last day it opens on, for a badge that is lent.")
@json_option
@pass_surroundings
def assign(around: CliContext, member_id: int, credential: str, until: date | None, as_json: bool) -> None:
    """From now on the badge is theirs."""
    with around.open_database() as db:
        allow_uid = around.site.settings.badges.allow_uid
        assigned = badges.assign(db, member_id, credential, now=around.now(), last_day=until, allow_uid=allow_uid)
        name = members.find(db, member_id).name
    if as_json:
        document(assigned)
    else:
        click.echo(say("{credential} is the badge of {name}", credential=assigned.credential, name=plain(name)))


@badge.command(help="Takes a badge out of use: lost, stolen or given back.")
@click.argument("credential")
@click.option("--as", "ended_as", type=click.Choice(["revoked", "lost", "returned"]), default="revoked", help="Why.")
@pass_surroundings
def revoke(around: CliContext, credential: str, ended_as: badges.Ending) -> None:
    """From now on it opens nothing."""
    with around.open_database() as db:
        ended = badges.end(db, credential, now=around.now(), ended_as=ended_as)
    click.echo(say("{credential} opens nothing any more", credential=ended.credential))


@badge.command("list", help="The badges in use; with --all the ended ones too.")
@click.option("--all", "with_ended", is_flag=True, help="Those out of use too.")
@json_option
@pass_surroundings
def list_badges(around: CliContext, with_ended: bool, as_json: bool) -> None:
    """In the order they were given out; during a rotation, how many are left on the former keys."""
    site_keys = around.site.badge_keys
    present, former = site_keys.present, site_keys.former
    with around.open_database() as db:
        found = [each for each in badges.every(db) if with_ended or each.ended_at is None]
        names, known = members.names(db), badge_keys.every(db)
        left = badge_keys.left_on(db, former) if former is not None else []
    keys = [badge_keys.version_of(known, each.credential, present) for each in found]
    if as_json:
        of_former = {badge.credential for badge in left}
        document(
            [
                _row(each, names[each.member], key, is_left=each.credential in of_former)
                for each, key in zip(found, keys, strict=True)
            ]
        )
        return
    headings = (say("badge"), say("key"), say("no."), say("name"), say("since"), say("until"))
    rows = [_cells(around, each, names[each.member], key) for each, key in zip(found, keys, strict=True)]
    table(headings, rows, empty=say("no badges"))
    if former is not None:
        click.echo(say_number(*labels.BADGES_COUNTED["left"], len(left)))


@badge.command(help="The key of a badge for the doors, in hex, to write it with tools of one's own.")
@click.argument("credential")
@json_option
@pass_surroundings
def key(around: CliContext, credential: str, as_json: bool) -> None:
    """Derived from the master key of the place; raises `Refusal` for a badge that has no keys."""
    credential = checked_credential(credential)
    scheme, _, identity = credential.partition(":")
    if scheme == "uid":
        raise Refusal("badge_without_key", credential=credential)
    keys, name = around.site.badge_keys, around.site.settings.site.id
    derived = badge_key(keys.present_key, bytes.fromhex(identity), DOOR_SLOT, name).hex().upper()
    if as_json:
        document({"credential": credential, "slot": DOOR_SLOT, "key": derived, "key_version": keys.present})
    else:
        click.echo(derived)


def _row(badge: BadgeAssignment, name: str, key_version: int | None, *, is_left: bool) -> dict[str, object]:
    return {
        "credential": badge.credential,
        "member": badge.member,
        "name": name,
        "assigned_at": badge.assigned_at,
        "last_day": badge.last_day,
        "ended_at": badge.ended_at,
        "ended_as": badge.ended_as,
        "key_version": key_version,
        "former_key": is_left,
        "copyable": badges.is_copyable(badge.credential),
    }


def _cells(
    around: CliContext, badge: BadgeAssignment, name: str, key_version: int | None
) -> tuple[str, str, int, str, str, str]:
    until = str(badge.last_day or "")
    if badge.ended_at is not None:
        ending = say(labels.ENDINGS[badge.ended_as]) if badge.ended_as else ""
        until = f"{around.wall(badge.ended_at)} ({ending})"
    key = say("can be copied") if key_version is None else str(key_version or say("blank"))
    return badge.credential, key, badge.member, name, around.wall(badge.assigned_at), until
