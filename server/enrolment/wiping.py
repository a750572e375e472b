"""A badge made blank again: as its maker made it, and nobody's."""

from device.core.badge.apdu import Transceive
from device.core.badge.keys import FACTORY
from device.core.badge.wiping import wipe as wipe_card
from server.accounts.work import Work
from server.enrolment.badge_work import BadgeOutcome, BadgeWork
from server.enrolment.key_writing import finish_writing
from server.enrolment.lent_reader import HeldBadge
from server.enrolment.looking import SeenBadge, fit_to_write, identified, looked_at
from server.enrolment.session_run import Begin
from server.store.people import badge_keys, badges, changes
from server.store.people.badge_keys import BadgeKeys
from server.store.people.changes import LoggedChange


def wipe(work: BadgeWork, badge: HeldBadge, transceive: Transceive, begin: Begin) -> BadgeOutcome:
    """Makes the badge that is held blank, and takes it from whoever holds it; may be called again after any tear.

    Raises `Refusal` where it does not prove the keys that the books say it holds: nobody loses a badge to a copy of it.
    """
    begin("look")
    seen = fit_to_write(looked_at(work, badge, transceive, identified(badge, transceive)))
    begin("wipe")
    finish_writing(work, seen, transceive)
    known = work.books(lambda books: _begun(books, seen))
    wipe_card(transceive, seen.uid, seen.product, work.held(seen.uid, known, seen.shown), work.random)
    begin("note")
    work.books(lambda books: _note(books, seen))
    return seen.outcome("wiped", FACTORY.version, work.site_keys.present)


def _begun(books: Work, seen: SeenBadge) -> BadgeKeys:
    return badge_keys.begin_wiping(books.db, seen.identity, seen.product.scheme, now=books.now)


def _note(books: Work, seen: SeenBadge) -> None:
    """It is blank in the books, and given back: doors do not know it any more."""
    db = books.db
    badge_keys.wiped(db, seen.identity, now=books.now)
    held = badges.holding(db, seen.identity)
    if held is not None:
        badges.end(db, held.credential, now=books.now, ended_as="returned")
    member = None if held is None else held.member
    before = None if held is None else {"credential": held.credential}
    changes.write(db, LoggedChange(books.operator, "badge.wipe", member, seen.credential, before), now=books.now)
