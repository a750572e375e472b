"""The keys of the place, written to a badge: begun in the books before the first is written, ended after the proof.

What was begun earlier is finished first, whatever is wanted now: slot by slot the badge may hold what it was given.
"""

from device.core.badge.apdu import Transceive
from device.core.badge.enrolment import enrol as write_card
from device.core.badge.wiping import wipe as wipe_card
from server.accounts.work import Work
from server.enrolment.badge_work import BadgeWork
from server.enrolment.looking import SeenBadge
from server.errors import Refusal
from server.store.people import badge_keys, site_keys
from server.store.people.badge_keys import BLANK, BadgeKeys
from server.store.people.enrolment_numbers import Numbering


def write_keys(work: BadgeWork, seen: SeenBadge, transceive: Transceive) -> None:
    """Gives the badge the present version; may be called again after any tear until it returns."""
    known, present = seen.known.keys, work.site_keys.present
    if known is not None and known.next_version == BLANK:
        wipe_card(transceive, seen.uid, seen.product, work.held(seen.uid, known, seen.shown), work.random)
        work.books(lambda books: badge_keys.wiped(books.db, seen.identity, now=books.now))
    while _finished(work, seen, transceive, work.books(lambda books: _begun(books, work, seen, present))) != present:
        pass


def finish_writing(work: BadgeWork, seen: SeenBadge, transceive: Transceive) -> None:
    """Ends the writing that was begun over keys of ours, if one was: afterwards the badge can be made blank."""
    known = seen.known.keys
    if known is not None and known.next_version and not known.may_be_blank:
        _finished(work, seen, transceive, known)


def _finished(work: BadgeWork, seen: SeenBadge, transceive: Transceive, begun: BadgeKeys) -> int:
    """The version that was written, and proved; raises `Refusal` where it was ended meanwhile."""
    version, number = begun.next_version or BLANK, begun.next_enrolment
    new, held = work.keys(seen.uid, version, number), work.held(seen.uid, begun, seen.shown)
    write_card(transceive, seen.uid, seen.product, new, held, work.random, address=work.address, makers=work.makers)
    known = work.books(lambda books: _proved(books, seen, version))
    if known is None or (known.key_version, known.enrolment) != (version, number):
        raise Refusal("key_version_over", version=version)
    return version


def _begun(books: Work, work: BadgeWork, seen: SeenBadge, version: int) -> BadgeKeys:
    """What is begun, or goes on; raises `Refusal` where its version was ended since the keys were read."""
    begun = badge_keys.begin(
        books.db,
        seen.identity,
        seen.product.scheme,
        version,
        now=books.now,
        unit=work.unit,
        numbering=Numbering(seen.shown, work.random),
    )
    _must_go_on(books, begun.next_version or version)
    return begun


def _proved(books: Work, seen: SeenBadge, version: int) -> BadgeKeys | None:
    """What the badge holds from now on; raises `Refusal` where that version was ended while it was written."""
    _must_go_on(books, version)
    return badge_keys.finish(books.db, seen.identity, now=books.now)


def _must_go_on(books: Work, version: int) -> None:
    if site_keys.is_over(books.db, version):
        raise Refusal("key_version_over", version=version)
