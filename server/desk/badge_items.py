"""What the desk is told of badges: which may be copies and whose they are, and how far a rotation of their keys is."""

from collections.abc import Iterator, Sequence

from device.contract.instant import Instant
from server.desk import people_items as people
from server.site.badge_keys import SiteKeys
from server.site.key_rotation import holders
from server.store.database import Database
from server.store.journal import attention as journal
from server.store.journal.attention import StrangeBadge
from server.store.people import badge_keys, badges, directory
from server.store.units import access_lists
from server.store.units.units import Unit


def unproven(db: Database, known: Sequence[Unit], keys: SiteKeys, since: Instant) -> Iterator[people.UnprovenBadge]:
    """Badges that did not prove their key since then, each with whose it is and why that may be."""
    found = journal.unproven_badges(db, since)
    members = {badge.credential: badges.last_holder(db, badge.credential) for badge in found}
    names = directory.names(db, [member for member in members.values() if member is not None])
    behind = {unit.name for unit in known if _is_behind(db, unit)}
    for badge in found:
        member = members[badge.credential]
        name = names.get(member, "") if member is not None else ""
        yield people.UnprovenBadge(badge, _why(db, badge, keys, behind), member, name)


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


def _why(db: Database, badge: StrangeBadge, keys: SiteKeys, behind: set[str]) -> people.Unproven:
    scheme, _, identity = badge.credential.partition(":")
    known = badge_keys.of(db, identity)
    if scheme != "uid" and known is not None:
        versions = known.versions_at_doors(keys.present)
        if not any(keys.of(version) for version in versions):
            return "key_over"
    return "old_list" if badge.unit in behind else "copy"


def _is_behind(db: Database, unit: Unit) -> bool:
    """Whether the unit does not have the newest list that it was sent."""
    sent, state = access_lists.sent(db, unit.name), unit.state
    return sent is not None and state is not None and (state.list_version or 0) < sent.version
