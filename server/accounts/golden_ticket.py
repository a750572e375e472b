"""Golden tickets: one named acquaintance, one free date, once per person (rules 4.9)."""

from server.accounts.work import Work
from server.core.names import alike, is_imprint_of, same_name, same_words
from server.errors import Refusal
from server.store.accounts.ledger import Cause
from server.store.database import Database
from server.store.people import members
from server.store.presence import guests
from server.store.presence.guests import Guest


class MayBeTheSame(Refusal):
    """Somebody of a like name was invited before, or gives the ticket: the desk is asked if they are one person."""


def invite(work: Work, name: str, member: int, *, is_another: bool = False) -> Guest:
    """A guest comes in on a member's golden ticket; where a member has just that name, it pays for their date.

    Raises `Refusal` where the member holds none, would invite themselves, or the guest was invited before, however the
    name is typed; `MayBeTheSame` where it is only like the member's or that of somebody invited before, unless
    `is_another` says no.
    """
    db = work.db
    with db.writing():
        holder, name = members.find(db, member), members.checked_name(name)
        _check_is_not_the_holder(name, holder.name, is_another)
        _check_never_invited(db, name, is_another)
        if not work.account(member).held["golden"]:
            raise Refusal("golden_host_has_none_left", field="member", name=holder.name)
        invited = _member_called(db, name)
        guest = guests.arrive(db, name, day=work.today, now=work.now, member=member, golden=True, invited=invited)
        _bring_up(work, guest, Cause(f"guest {guest.id}", work.operator))
    return guest


def take_back(work: Work, guest: int) -> Guest:
    """The guest was none, or not on this ticket: it goes back to its member, and may be given to that guest again.

    Raises `Refusal` where no ticket was used for that guest.
    """
    with work.db.writing():
        used = guests.find_golden(work.db, guest)
        guests.take_back(work.db, used, now=work.now)
        _bring_up(work, used, Cause(f"guest {guest} taken back", work.operator))
    return used


def _member_called(db: Database, name: str) -> int | None:
    """The only member of that name; in another order of its words where nobody has it in this one."""
    everybody = members.every(db)
    namesakes = [each.id for each in everybody if same_name(each.name, name)]
    namesakes = namesakes or [each.id for each in everybody if same_words(each.name, name)]
    return namesakes[0] if len(namesakes) == 1 else None


def _check_is_not_the_holder(name: str, holder: str, is_another: bool) -> None:
    if same_words(name, holder):
        raise Refusal("golden_guest_is_holder", field="name")
    if alike(name, holder) and not is_another:
        raise MayBeTheSame("golden_guest_is_like_holder", field="name", holder=holder, name=name)


def _check_never_invited(db: Database, name: str, is_another: bool) -> None:
    invited = guests.golden(db)
    before = [guest for guest in invited if guest.name is not None]
    if any(same_name(guest.name or "", name) for guest in before) or any(
        is_imprint_of(guest.imprint, name) for guest in invited if guest.imprint is not None
    ):
        raise Refusal("golden_guest_was_invited", field="name", name=name)
    near = next((guest for guest in before if alike(guest.name or "", name)), None)
    if near is not None and not is_another:
        host = members.names(db).get(near.member or 0, "")
        raise MayBeTheSame(
            "golden_guest_is_like_invited",
            field="name",
            other=near.name,
            host=host,
            day=near.day,
        )


def _bring_up(work: Work, guest: Guest, cause: Cause) -> None:
    for touched in (guest.member, guest.invited):
        if touched is not None:
            work.bring_up(touched, guest.day, cause)
