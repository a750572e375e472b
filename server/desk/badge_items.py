"""What the desk is told of badges: which may be copies and whose they are, and how far a rotation of their keys is."""

from collections.abc import Iterator, Sequence
from typing import Literal

from device.contract.instant import Instant
from server.desk import people_items as people
from server.site.badge_keys import SiteKeys
from server.site.key_rotation import holders
from server.store.database import Database
from server.store.journal import attention as journal
from server.store.journal.attention import StrangeBadge, UnprovenTaps
from server.store.people import badge_keys, badges, directory
from server.store.units import access_lists
from server.store.units.units import Unit

_Why = Literal["copy", "key_over", "no_key_yet"]


def unproven(
    db: Database, known: Sequence[Unit], keys: SiteKeys, since: Instant
) -> Iterator[people.UnprovenBadge | people.DoorBehind]:
    """Badges that did not prove their key since then, each with whose it is and why that may be.

    A badge that one door refused for want of its new key, and another one that has it, is told as both.
    """
    behind = {unit.name for unit in known if _is_behind(db, unit)}
    found: dict[tuple[str, _Why], StrangeBadge] = {}
    for taps in journal.unproven_taps(db, since):
        badge, why = taps.badge, _why(db, taps, keys, behind)
        newest = found.setdefault((badge.credential, why), badge._replace(times=0))
        found[badge.credential, why] = newest._replace(times=newest.times + badge.times)
    members = {credential: badges.last_holder(db, credential) for credential, _ in found}
    names = directory.names(db, [member for member in members.values() if member is not None])
    for (credential, why), badge in found.items():
        member = members[credential]
        name = names.get(member, "") if member is not None else ""
        if why == "no_key_yet":
            yield people.DoorBehind(badge, badge.unit not in behind, member, name)
        else:
            yield people.UnprovenBadge(badge, why, member, name)


def unknown(db: Database, since: Instant, *, allow_uid: bool) -> Iterator[people.UnknownBadge | people.CopyableRefused]:
    """Badges that doors did not know since then. Where the place takes none without keys, of those only what members
    hold: nobody can be given such a one, so nobody is asked whose it is.
    """
    for badge in journal.unknown_badges(db, since):
        if allow_uid or not badges.is_copyable(badge.credential):
            yield people.UnknownBadge(badge)
    if not allow_uid:
        yield from _copyable_refused(db, since)


def _copyable_refused(db: Database, since: Instant) -> Iterator[people.CopyableRefused]:
    found = [(badge, badges.in_use(db, badge.credential)) for badge in journal.refused_as_unknown(db, since)]
    names = directory.names(db, [held.member for _, held in found if held is not None])
    for badge, held in found:
        if held is not None and held.is_copyable:
            yield people.CopyableRefused(badge, held.member, names.get(held.member, ""))


def key_rotation(db: Database, keys: SiteKeys) -> Iterator[people.KeyRotation]:
    """How far the rotation is, while one goes on."""
    if keys.former is not None:
        left = badge_keys.left_on(db, keys.former)
        yield people.KeyRotation(len(left), holders(db, left))


def _why(db: Database, taps: UnprovenTaps, keys: SiteKeys, behind: set[str]) -> _Why:
    """By what the door knew when it refused; one of a former version does not say it, and is judged by what it has."""
    scheme, _, identity = taps.badge.credential.partition(":")
    known = badge_keys.of(db, identity) if scheme != "uid" else None
    if known is not None:
        versions = known.versions_at_doors(keys.present)
        if not any(keys.of(version) for version in versions):
            return "key_over"
    if taps.list_issued_at is None:
        return "no_key_yet" if taps.badge.unit in behind else "copy"
    is_newer = known is not None and badge_keys.were_given_after(db, known, taps.list_issued_at)
    return "no_key_yet" if is_newer else "copy"


def _is_behind(db: Database, unit: Unit) -> bool:
    """Whether the unit does not have the newest list that it was sent."""
    sent, state = access_lists.sent(db, unit.name), unit.state
    return sent is not None and state is not None and (state.list_version or 0) < sent.version
