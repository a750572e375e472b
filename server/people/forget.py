"""Forgets a person: they go, their number stays, so that counts and books stay right (rules 5)."""

from device.contract.instant import Instant
from server.errors import Refusal
from server.store.database import Books
from server.store.people import members
from server.store.presence import stays


def forget(books: Books, member: int, *, now: Instant) -> None:
    """Removes the person from the books; raises `Refusal` while they are in, or where there is none."""
    with books.writing():
        known = members.find(books, member)
        if stays.is_inside(books, member):
            raise Refusal("{name} is still in; check them out first", name=known.name)
        members.forget(books, member, now=now)
