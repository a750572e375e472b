"""What somebody else did to a member's money since a form was shown: nothing is sold or given twice unseen."""

from typing import NamedTuple

from device.contract.instant import Instant
from server.store.accounts import gifts, sales
from server.store.accounts.gifts import Gift
from server.store.accounts.sales import Sale
from server.store.database import Database
from server.web import words
from server.web.formats import ago, named
from server.web.texts import gettext as _

FIELD = "seen"
"""The field of each form that books something for a member: how far its page had seen."""


class Seen(NamedTuple):
    """The newest sale or payment of a member and the newest gift, by their numbers; 0 for none."""

    sale: int
    gift: int

    def __str__(self) -> str:
        return f"{self.sale}.{self.gift}"


class UnseenChange(Exception):
    """Something was booked for the member that the page had not seen: whoever sent its form is asked first."""

    def __init__(self, change: Sale | Gift) -> None:
        super().__init__("booked meanwhile")
        self.change = change


def seen_of(db: Database, member: int) -> Seen:
    """What a page shown now has seen."""
    sale, gift = sales.newest(db, member), gifts.newest(db, member)
    return Seen(sale.number if sale else 0, gift.id if gift else 0)


def look(db: Database, member: int, seen: str) -> None:
    """Raises `UnseenChange` where more was booked than `seen` says; a form that says nothing comes from no page."""
    if not seen:
        return
    sale, gift = sales.newest(db, member), gifts.newest(db, member)
    known = _read(seen)
    unseen: list[Sale | Gift] = [sale] if sale and sale.number > known.sale else []
    unseen += [gift] if gift and gift.id > known.gift else []
    if unseen:
        raise UnseenChange(max(unseen, key=lambda change: change.written_at))


def told(change: Sale | Gift, name: str, now: Instant) -> str:
    """`Camille a vendu « Résident » à Hugo il y a 20 s.`"""
    about = {"who": change.operator, "name": name, "when": ago(change.written_at, now)}
    if isinstance(change, Gift):
        about["what"] = words.tickets(change.kind, abs(change.size))
        if change.cancels is not None:
            return _("%(who)s took %(what)s back from %(name)s %(when)s.", **about)
        return _("%(who)s gave %(name)s %(what)s %(when)s.", **about)
    about["what"] = named(change.title) if change.what == "pass" else words.money(abs(change.price_cents))
    if change.cancels is not None:
        return _("%(who)s cancelled “%(what)s” of %(name)s %(when)s.", **about)
    if change.what == "debt":
        return _("%(name)s paid %(what)s to %(who)s %(when)s.", **about)
    return _("%(who)s sold “%(what)s” to %(name)s %(when)s.", **about)


def _read(seen: str) -> Seen:
    sale, _dot, gift = seen.partition(".")
    return Seen(*(int(part) if part.isascii() and part.isdigit() and len(part) < 19 else 0 for part in (sale, gift)))
