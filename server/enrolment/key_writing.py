"""The keys of the place, written to a badge: begun in the books before the first is written, ended after the proof."""

from device.core.badge.apdu import Transceive
from device.core.badge.enrolment import enrol as write_card
from server.accounts.work import Work
from server.enrolment.badge_work import BadgeWork
from server.enrolment.looking import SeenBadge
from server.store.people import badge_keys
from server.store.people.badge_keys import BadgeKeys


def write_keys(work: BadgeWork, seen: SeenBadge, transceive: Transceive) -> None:
    """Gives the badge the present version; may be called again after any tear until it returns.

    What was begun earlier is finished first, with the very keys that were begun: slot by slot it may hold them.
    """
    present = work.site_keys.present
    while (known := work.books(lambda books: _begun(books, work, seen, present))).next_version is not None:
        new = work.keys(seen.uid, known.next_version, known.next_enrolment)
        write_card(
            transceive,
            seen.uid,
            seen.product,
            new,
            work.held(seen.uid, known),
            work.random,
            address=work.address,
            maker=work.maker,
        )
        work.books(lambda books: badge_keys.finish(books.db, seen.identity, now=books.now))
        if known.next_version == present:
            return


def _begun(books: Work, work: BadgeWork, seen: SeenBadge, version: int) -> BadgeKeys:
    return badge_keys.begin(books.db, seen.identity, seen.product.scheme, version, now=books.now, unit=work.unit)
