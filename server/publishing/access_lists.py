"""The access lists on their way to the doors: compiled from the books, numbered, sent when they say something new."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Protocol

import msgspec

from device.contract.access_list import AccessList
from device.contract.channels import ACCESS_LIST, INSIDE, STATE
from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.messages import Standing
from server.core.doors.access_list import DoorRules, Holder, access_list, without_slots
from server.core.house_rules import HouseRules
from server.mqtt.outbound import BrokerPort
from server.store.accounts import standings
from server.store.database import Database
from server.store.people import badge_keys, badges, members
from server.store.people.badge_keys import BadgeKeys
from server.store.people.badges import BadgeAssignment
from server.store.people.members import Member
from server.store.units import access_lists, units
from server.store.units.access_lists import Sent

REISSUE_AFTER = timedelta(hours=6)
"""A list that did not change is issued anew after so long, so that no unit takes it for a stale one (72 h, rules 2)."""


class DoorKeySource(Protocol):
    """Where the keys of badges come from."""

    def look(self) -> int:
        """Looks at the site's key anew; the version that is present."""

    def key_of(self, credential: str, version: int, slot: int) -> str | None:
        """The badge's key in hex; None where the site's key of that version is over."""


class AccessListPublisher:
    """Sends each unit with a reader its list."""

    def __init__(
        self, db: Database, house: HouseRules, rules: DoorRules, *, line: BrokerPort, keys: DoorKeySource
    ) -> None:
        self._db, self._house, self._rules, self._line, self._keys = db, house, rules, line, keys
        self._sent: dict[str, int] = {}
        self._reported: dict[str, int] = {}
        self._cleared: set[str] = set()
        access_lists.watch_sources(db)
        self._seen_changes = access_lists.source_changes(db)

    @property
    def are_outdated(self) -> bool:
        """Whether this connection has changed badges, roles, suspensions or units since lists were last compiled."""
        return access_lists.source_changes(self._db) != self._seen_changes

    def drop_cache(self) -> None:
        """Sends everything anew."""
        self._sent.clear()
        self._cleared.clear()

    def reported(self, unit: str, version: int) -> bool:
        """Notes which list a unit has; whether it is newer than what it was sent, the books being a restored copy."""
        self._reported[unit] = version
        return version > self._sent.get(unit, version)

    def publish(self, now: Instant) -> None:
        """Sends what is new, and takes what is retained for removed units off the broker."""
        self._clear_removed()
        readers = units.with_readers(self._db)
        if not readers:
            return
        compiled = self._compiled(now)
        plain = without_slots(compiled)
        knowing = units.knowing_slots(self._db) if plain is not compiled else readers
        lists = {unit: compiled if unit in knowing else plain for unit in readers}
        for unit, sent in self._numbered(lists, now).items():
            self._cleared.discard(unit)
            if self._sent.get(unit) != sent.version:
                self._put(unit, lists[unit], sent)
        self._seen_changes = access_lists.source_changes(self._db)

    def _clear_removed(self) -> None:
        for unit in units.removed(self._db):
            if unit not in self._cleared:
                self._cleared.add(unit)
                self._sent.pop(unit, None)
                for channel in (ACCESS_LIST, INSIDE, STATE):
                    self._line.clear(channel, unit)

    def _numbered(self, lists: Mapping[str, AccessList], now: Instant) -> dict[str, Sent]:
        """The number under which each unit is to have its list, all new ones kept at once."""
        digests = {id(told): hashlib.sha256(encode(told)).hexdigest() for told in lists.values()}
        found = {unit: self._sent_or_next(unit, digests[id(told)], now) for unit, told in lists.items()}
        if any(is_new for _, is_new in found.values()):
            with self._db.writing():  # durable first: a version is never used twice
                for unit, (sent, is_new) in found.items():
                    if is_new:
                        access_lists.note(self._db, unit, sent)
        return {unit: sent for unit, (sent, _) in found.items()}

    def _sent_or_next(self, unit: str, digest: str, now: Instant) -> tuple[Sent, bool]:
        last, reported = access_lists.sent(self._db, unit), self._reported.get(unit, 0)
        if last is None or last.digest != digest or reported > last.version or not _is_fresh(last, now):
            return Sent(max(last.version if last else 0, reported) + 1, digest, now), True
        return last, False

    def _put(self, unit: str, compiled: AccessList, sent: Sent) -> None:
        self._sent[unit] = sent.version
        self._line.publish(
            ACCESS_LIST, unit, msgspec.structs.replace(compiled, version=sent.version, issued_at=sent.issued_at)
        )

    def _compiled(self, now: Instant) -> AccessList:
        today = self._house.day_of(now)
        people = {member.id: member for member in members.every(self._db)}
        broke = standings.without_credit(self._db, self._house.terms.tariffs.on(today).max_owed_cents)
        present, held = self._keys.look(), badge_keys.every(self._db)
        holders = [
            _holder(
                badge,
                people[badge.member],
                self._house.day_of(badge.assigned_at),
                has_credit=badge.member not in broke,
                versions=badge_keys.versions_at_doors(held, badge.credential, present),
            )
            for badge in badges.latest(self._db)
            if badge.member in people and not _is_forgotten(badge, held.get(badge.credential.partition(":")[2]))
        ]
        return access_list(holders, self._rules, self._house.calendars.on(today), today, self._keys.key_of)


def _is_fresh(sent: Sent, now: Instant) -> bool:
    return timedelta(0) <= now - sent.issued_at < REISSUE_AFTER


def _is_forgotten(badge: BadgeAssignment, keys: BadgeKeys | None) -> bool:
    """Whether doors are to know nothing of a badge that is over: it came back, or was found and made blank."""
    return badge.ended_as == "returned" or (badge.ended_at is not None and keys is not None and keys.is_blank)


def _holder(
    badge: BadgeAssignment, member: Member, first_day: date, *, has_credit: bool, versions: tuple[int, ...]
) -> Holder:
    standing: Standing = "ok"
    if badge.ended_at is not None:
        standing = "revoked"
    elif member.suspended_at is not None:
        standing = "suspended"
    elif not has_credit:
        standing = "no_credit"
    return Holder(badge.credential, member.id, member.role, standing, first_day, badge.last_day, versions)
