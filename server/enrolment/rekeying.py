"""A badge that was enrolled before is given new keys: the present version, whoever holds it."""

from device.core.badge.apdu import Transceive
from server.accounts.work import Work
from server.enrolment.badge_work import BadgeOutcome, BadgeWork
from server.enrolment.key_writing import write_keys
from server.enrolment.lent_reader import HeldBadge
from server.enrolment.looking import SeenBadge, fit_to_write, identified, looked_at
from server.enrolment.session_run import Begin
from server.errors import Refusal
from server.store.people import changes
from server.store.people.changes import LoggedChange


def rekey(work: BadgeWork, badge: HeldBadge, transceive: Transceive, begin: Begin) -> BadgeOutcome:
    """Gives new keys to the badge that is held; may be called again after any tear until it returns.

    Raises `Refusal` for one that is blank. Within one version the key of the mirror alone is another afterwards, since
    the rest goes by the badge and the site's key; what was torn is written anew.
    """
    begin("look")
    seen = fit_to_write(looked_at(work, badge, transceive, identified(badge, transceive)))
    if seen.is_blank:
        raise Refusal("badge_is_blank")
    begin("write")
    write_keys(work, seen, transceive)
    begin("note")
    work.books(lambda books: _note(books, seen))
    return seen.outcome("rekeyed", work.site_keys.present, work.site_keys.present)


def _note(books: Work, seen: SeenBadge) -> None:
    holding = seen.known.holding
    member = None if holding is None else holding.member
    change = LoggedChange(books.operator, "badge.rekey", member, seen.credential, after={"credential": seen.credential})
    changes.write(books.db, change, now=books.now)
