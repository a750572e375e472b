"""A place that enrols badges at a played desk: real books, real keys, virtual cards; every random number is noted."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Lock
from typing import TypeVar

from device.contract.instant import Instant
from device.core.badge.address import ndef_of
from device.core.badge.apdu import Random
from device.core.badge.keys import Keys
from device.simulation.cards import CardApplication, Desfire, DesfireLight, Ntag424, VirtualCard
from device.simulation.maker import public_key
from server.accounts.work import Work
from server.core.doors.key_diversification import badge_keys as derived
from server.enrolment.badge_work import BadgeOutcome, BadgeWork
from server.enrolment.card_order import CardOrder, act_of
from server.enrolment.card_session import CardSessionState, Kind
from server.enrolment.lent_reader import LentReader
from server.enrolment.session_run import SessionRun
from server.site.badge_keys import new_site_keys
from server.site.rules_in_force import house_of, note_settings
from server.site.settings import ServerSettings, SiteSettings
from server.store.database import make_database
from server.store.people import badge_keys, badges, members
from server.store.people.badge_keys import BadgeKeys
from server.store.people.badges import BadgeAssignment
from tests.orders import work_at
from tests.played_desk import PlayedDesk, Shown

T = TypeVar("T")

MORNING = Instant.parse("2026-11-23T08:14:05.000Z")
SITE = "comptoir"
UID, OTHER_UID = bytes.fromhex("04A1B2C3D4E5F6"), bytes.fromhex("04FFFFFFFFFFFF")
ADDRESS = ndef_of("https://comptoir.example.org")


def drawn(seed: str) -> Random:
    """Random numbers that are the same in every run."""
    numbers = count()
    return lambda size: hashlib.shake_128(f"{seed} {next(numbers)}".encode()).digest(size)


def blank(kind: str, uid: bytes = UID) -> VirtualCard:
    """A new card of that kind."""
    random = drawn(f"card {uid.hex()}")
    if kind == "ntag424":
        return Ntag424.blank(uid, random)
    if kind == "light":
        return DesfireLight.blank(uid, random)
    return Desfire.blank(uid, random, kind)


def shown(card: CardApplication, uid: bytes = UID) -> Shown:
    return Shown(uid, card)


class EnrolmentPlace:
    """One place with two members, Ada and Bo; `states` are what the newest session showed, one after the other."""

    def __init__(self, folder: Path) -> None:
        self._writing = Lock()
        self.now = MORNING
        self.settings = ServerSettings(site=SiteSettings(id=SITE))
        self.db = make_database(folder / "books.sqlite3")
        note_settings(self.db, self.settings, self.now.date())
        self.house = house_of(self.db, self.settings)
        self.ada, self.bo = (members.add(self.db, name, now=self.now).id for name in ("Ada", "Bo"))
        self.site_keys = new_site_keys()
        self.may_be_copied = True
        self.address = ADDRESS
        self.states: list[CardSessionState] = []
        self.randoms: list[bytes] = []
        self._random = drawn("desk")

    def books(self, act: Callable[[Work], T]) -> T:
        """As the server's: one at a time, whatever the threads of two desks do."""
        with self._writing, self.db.writing():
            self.now += timedelta(seconds=1)
            return act(work_at(self.now, self.db, self.house, "Marie", settings=self.settings))

    def work(self) -> BadgeWork:
        """What the next badge that is held is written with."""
        return BadgeWork(
            site=SITE,
            site_keys=self.site_keys,
            books=self.books,
            unit="comptoir",
            random=self._noted_random,
            makers=[public_key()],
            address=self.address,
            may_be_copied=self.may_be_copied,
        )

    def run(
        self, kind: Kind, desk: PlayedDesk, *, member: int | None = None, as_copyable: bool = False, for_s: float = 60
    ) -> tuple[CardSessionState, BadgeOutcome | None]:
        """A session at that desk: how it ended, and what it came to."""
        self.states = []
        run: SessionRun[BadgeOutcome] = SessionRun(
            kind,
            for_s,
            LentReader(desk, desk.monotonic_s),
            monotonic_s=desk.monotonic_s,
            show=self.states.append,
        )
        order = CardOrder(kind, member, as_copyable)
        state = run.carry_through(lambda: act_of(self.work, order), by="Marie", now=self.now)
        return state, run.outcome

    def with_card(
        self, kind: Kind, card: Shown, *, member: int | None = None, as_copyable: bool = False
    ) -> tuple[CardSessionState, BadgeOutcome | None]:
        """A session with that card held to the desk, and left there."""
        desk = PlayedDesk()
        desk.plan.append(lambda: desk.hold(card))
        return self.run(kind, desk, member=member, as_copyable=as_copyable)

    def refusal(self, kind: Kind, card: Shown, *, member: int | None = None, as_copyable: bool = False) -> str:
        """The code that a session is refused with."""
        state, outcome = self.with_card(kind, card, member=member, as_copyable=as_copyable)
        assert (state.phase, outcome) == ("refused", None)
        assert state.refusal is not None
        return state.refusal.why.code

    def enrolled(self, kind: str = "ntag424", member: int | None = None, uid: bytes = UID) -> VirtualCard:
        """A card that was enrolled."""
        card = blank(kind, uid)
        state, _ = self.with_card("enrol", shown(card, uid), member=member or self.ada)
        assert state.phase == "done", state.refusal
        return card

    def known(self, uid: bytes = UID) -> BadgeKeys | None:
        return badge_keys.of(self.db, uid.hex().upper())

    def holding(self, uid: bytes = UID) -> BadgeAssignment | None:
        return badges.holding(self.db, uid.hex().upper())

    def keys_in_books(self, uid: bytes = UID) -> Keys:
        """The keys that a badge holds for certain, by the books."""
        known = self.known(uid)
        assert known is not None
        assert known.key_version is not None
        assert known.next_version is None
        site_key = self.site_keys.of(known.key_version)
        assert site_key is not None
        return derived(site_key, uid, known.enrolment or 0, SITE, known.key_version)

    def holds(self, card: VirtualCard, uid: bytes = UID) -> bool:
        """Whether the card holds what the books say, in each slot."""
        keys = self.keys_in_books(uid)
        versions = [keys.shown_version(slot) for slot in range(len(keys.slots))]
        return (list(card.keys), list(card.versions)) == (list(keys.slots), versions)

    def close(self) -> None:
        self.db.close()

    def _noted_random(self, size: int) -> bytes:
        self.randoms.append(self._random(size))
        return self.randoms[-1]
