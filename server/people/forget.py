"""Forgets a person: they go, their number stays, so that counts and books stay right (rules 5)."""

from device.contract.instant import Instant
from server.errors import Refusal
from server.store.database import Database
from server.store.people import members
from server.store.presence import stays


def forget(db: Database, member: int, *, now: Instant) -> None:
    """Removes the person from the books; raises `Refusal` while they are in, or where there is none."""
    with db.writing():
        known = members.find(db, member)
        if stays.is_inside(db, member):
            raise Refusal("member_inside", name=known.name)
        members.forget(db, member, now=now)
