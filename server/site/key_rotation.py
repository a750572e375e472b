"""A rotation of the site's badge keys: begun, finished, and keys brought back; the books and the file say the same."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from device.contract.instant import Instant
from server.errors import Refusal
from server.site.badge_keys import SiteKeys, imprint_of, read_site_keys, write_site_keys
from server.store.database import Database
from server.store.people import badge_keys, members, site_keys
from server.store.people.badge_keys import LeftBadge
from server.store.people.badges import BadgeAssignment

NAMED = 10
"""So many holders are named in a sentence."""


def note_site_keys(db: Database, keys: SiteKeys, now: Instant) -> None:
    """Has the books know the keys that are in use by their imprints."""
    for version, key in keys.by_version.items():
        site_keys.note(db, version, imprint_of(key), now=now)


def note_new(db: Database, keys: SiteKeys, now: Instant) -> None:
    """Has the books know those that they do not know yet; one that is another than it was stays told apart."""
    if keys.former is not None and site_keys.imprint_of(db, keys.present) is None:
        badge_keys.settle(db, keys.former)  # the books were cut off, or restored, behind the file
    new = {version: key for version, key in keys.by_version.items() if site_keys.imprint_of(db, version) is None}
    note_site_keys(db, SiteKeys(new), now)
    _let_go_of_lost(db, keys)


def rotate(db: Database, secrets: Path, now: Instant) -> SiteKeys:
    """Begins a new version of the key in the folder `secrets`; raises `Refusal` where the last rotation goes on.

    What was assigned by hand is settled first: afterwards nobody could tell that it holds the former version. The file
    comes last; where it is written and the books are not, `note_new` settles it.
    """
    with db.writing():
        former = read_site_keys(secrets)
        keys = former.rotated()
        badge_keys.settle(db, former.present)
        note_site_keys(db, keys, now)
        write_site_keys(secrets, keys)
    return keys


def finish(db: Database, secrets: Path, now: Instant, *, even_with_badges: bool = False) -> list[LeftBadge]:
    """Ends the former version: badges that still hold it, which are returned, open nothing and are written no more.

    Raises `Refusal` where no rotation goes on, or badges are left and nobody said `even_with_badges`.
    """
    with db.writing():
        keys = read_site_keys(secrets)
        finished, former = keys.finished(), keys.former
        assert former is not None
        left = badge_keys.left_on(db, former)
        if left and not even_with_badges:
            raise Refusal("badges_left_on_former_key", number=len(left), holders=holders(db, left))
        badge_keys.let_go(db, former)
        site_keys.end(db, former, now=now)
        write_site_keys(secrets, finished)
    return left


def bring_back(db: Database, secrets: Path, keys: SiteKeys, now: Instant, *, although_others: bool = False) -> SiteKeys:
    """Puts `keys` into the place of those in the folder `secrets`, unless badges were enrolled with others; all that
    there are then. A version of before them stays while badges hold it: the place was restored from a backup that was
    made before theirs, and its rotation goes on.

    Raises `Refusal` for others, but where `although_others` says that it is meant.
    """
    with db.writing():
        had = _read_if_whole(secrets)
        if had is not None and had.present < keys.present:
            badge_keys.settle(db, had.present)  # what was assigned by hand, as at the beginning of a rotation
        held = (
            {version: key for version, key in had.by_version.items() if badge_keys.left_on(db, version)} if had else {}
        )
        keys = keys.with_older(held)
        if not although_others:
            _must_be_those_of_badges(db, keys)
        note_site_keys(db, keys, now)
        _let_go_of_lost(db, keys)
        write_site_keys(secrets, keys)
    return keys


def _read_if_whole(secrets: Path) -> SiteKeys | None:
    """The keys in that folder; None where they are missing, cut or rotten, which is what keys are brought back for."""
    try:
        return read_site_keys(secrets)
    except Refusal:
        return None


def _must_be_those_of_badges(db: Database, keys: SiteKeys) -> None:
    """Raises `Refusal` where badges hold keys from others, or may, since a writing was torn."""
    for version, key in sorted(keys.by_version.items()):
        if site_keys.imprint_of(db, version) not in (None, imprint_of(key)):
            raise Refusal("key_is_another", version=version)
    for (scheme, held), number in badge_keys.counts(db, keys.present).items():
        if scheme != "uid" and held and keys.of(held) is None:
            raise Refusal("key_is_missing", version=held, number=number)
    begun = Counter(known.next_version for known in badge_keys.under_way(db).values() if known.next_version)
    for version, number in sorted(begun.items()):
        if keys.of(version) is None:
            raise Refusal("key_is_missing", version=version, number=number)


def holders(db: Database, badges: Sequence[BadgeAssignment | LeftBadge]) -> str:
    """Whose they are: `Anne (17), Bruno (42)`, and by its number what is nobody's; of many, the first."""
    names = members.names(db)
    told = [f"{names[each.member]} ({each.member})" if each.member else each.credential for each in badges]
    told = list(dict.fromkeys(told))
    return ", ".join([*told[:NAMED], *(["…"] if len(told) > NAMED else [])])


def _let_go_of_lost(db: Database, keys: SiteKeys) -> None:
    """What is being given to badges from a key that is not there any more cannot be ended: it is begun anew."""
    begun = {known.next_version for known in badge_keys.under_way(db).values() if known.next_version}
    for version in begun - keys.by_version.keys():
        badge_keys.let_go(db, version)
