"""Golden tickets: one named acquaintance, one free date, once per person (rules 4.9)."""

from device.contract.instant import Instant
from server.accounts import Accounts
from server.core.house import House
from server.core.refusal import Refusal
from server.store import guests, members
from server.store.database import Books
from server.store.guests import Guest
from server.store.ledger import Cause


def invite(books: Books, house: House, name: str, member: int, *, by: str, now: Instant) -> Guest:
    """A guest comes in on a member's golden ticket; where a member has just that name, it pays for their date.

    Raises `Refusal` where the member holds none, would invite themselves, or the guest was invited before.
    """
    with books.writing():
        holder, name = members.find(books, member), members.checked_name(name)
        accounts, today = Accounts(books, house), house.day_of(now)
        if name.casefold() == holder.name.casefold():
            raise Refusal("a golden ticket pays for an acquaintance, not for its holder")
        if guests.was_invited(books, name):
            raise Refusal("{name} was invited on a golden ticket before; that is once per person", name=name)
        if not accounts.account(member, now).held["golden"]:
            raise Refusal("{name} has no golden ticket", name=holder.name)
        namesakes = [each for each in members.every(books) if each.name.casefold() == name.casefold()]
        invited = namesakes[0].id if len(namesakes) == 1 else None
        guest = guests.arrive(books, name, day=today, now=now, member=member, golden=True, invited=invited)
        for touched in (member, invited):
            if touched is not None:
                accounts.bring_up(touched, today, Cause(f"guest {guest.id}", by), now)
    return guest
