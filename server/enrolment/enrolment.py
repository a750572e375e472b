"""A badge enrolled for a member: given keys of the place, proved, and theirs from then on."""

from msgspec.structs import replace

from device.core.badge.apdu import Transceive
from device.core.badge.errors import OtherCard
from server.accounts.work import Work
from server.enrolment.badge_work import BadgeOutcome, BadgeWork
from server.enrolment.key_writing import write_keys
from server.enrolment.lent_reader import HeldBadge
from server.enrolment.looking import KnownBadge, fit_to_write, identified, known_badge, looked_at
from server.enrolment.session_run import Begin
from server.errors import Refusal
from server.store.people import badges, changes, members
from server.store.people.changes import LoggedChange


def enrol(
    work: BadgeWork, member: int, badge: HeldBadge, transceive: Transceive, begin: Begin, *, as_copyable: bool = False
) -> BadgeOutcome:
    """Enrols the badge that is held for a member; may be called again after any tear until it returns.

    `as_copyable`: a card without keys is theirs too, known by its number alone. Raises `Refusal` where it is somebody
    else's, or cannot be given out.
    """
    begin("look")
    try:
        product = identified(badge, transceive)
    except OtherCard as other:
        return _without_keys(work, member, badge, other, begin, is_wanted=as_copyable)
    seen = looked_at(work, badge, transceive, product)
    _must_be_free(member, seen.known)
    fit_to_write(seen)
    begin("write")
    write_keys(work, seen, transceive)
    begin("note")
    name = work.books(lambda books: _give(books, member, seen.credential))
    present = work.site_keys.present
    return replace(seen.outcome("enrolled", present, present), member=member, name=name)


def _without_keys(
    work: BadgeWork, member: int, badge: HeldBadge, other: OtherCard, begin: Begin, *, is_wanted: bool
) -> BadgeOutcome:
    """A card that anybody can copy, where the place gives such out and whoever enrols knows what it is."""
    product = other.product or ""
    if not work.may_be_copied:
        raise Refusal("card_of_other_kind", product=product or "?")
    identity = badge.uid.hex().upper()
    known, credential = known_badge(work, identity), f"uid:{identity}"
    _must_be_free(member, known)
    if known.has_keys_of_ours:
        raise Refusal("badge_not_authentic")
    if not is_wanted:
        raise Refusal("card_can_be_copied", product=product or "?")
    begin("note")
    name = work.books(lambda books: _give(books, member, credential))
    return BadgeOutcome(
        what="given_copyable", credential=credential, product=product, member=member, name=name, is_copyable=True
    )


def _must_be_free(member: int, known: KnownBadge) -> None:
    """Raises `Refusal` where somebody else holds the badge."""
    held = known.holding
    if held is not None and held.member != member:
        raise Refusal(
            "badge_held_already",
            field="credential",
            credential=held.credential,
            name=known.name,
            member=held.member,
        )


def _give(books: Work, member: int, credential: str) -> str:
    """Makes the badge the member's in the books, under that name; theirs under another name, it changes its name."""
    db = books.db
    held = badges.holding(db, credential.partition(":")[2])
    if held is None or held.member != member or held.credential != credential:
        last_day = None
        if held is not None and held.member == member:
            last_day = badges.end(db, held.credential, now=books.now, ended_as="returned").last_day
        badges.assign(db, member, credential, now=books.now, last_day=last_day)
    change = LoggedChange(books.operator, "badge.enrol", member, after={"credential": credential})
    changes.write(db, change, now=books.now)
    return members.find(db, member).name
