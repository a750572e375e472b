"""A place on a network that runs for real: certificates and access rules at the broker, a desk, a door, and badges."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import msgspec

from device.contract.access_list import AccessList
from device.contract.codec import decode
from device.simulation.blank import blank_desfire, blank_ntag424
from device.simulation.cards import VirtualCard
from device.simulation.iso_dep import IsoDep
from device.simulation.virtual_badge import VirtualBadge
from server.site import folder as sites
from server.site.folder import SiteFolder
from server.site.settings import FILE_NAME, SiteSettings
from server.store.database import Database
from server.store.people import badge_keys, members
from server.store.people.badge_keys import BadgeKeys
from server.store.units import units
from tests.contract_client import now
from tests.enrolling_place import drawn
from tests.live_place import ALWAYS, SETTINGS, SITE, LivePlace, Program
from tests.mosquitto import Mosquitto
from tests.patience import PATIENCE_S, wait_until

UNHURRIED_ATS = bytes.fromhex("067777A10280")
"""Of a card that has 0.3 s to answer (FWI 10): its 39 ms would be over now and then where a machine is busy."""
HELD_S = 10 * PATIENCE_S
PUBLIC_URL = "https://comptoir.example.org"


class Badge:
    """A virtual card in somebody's hand. It can be pulled away in the middle of what is done to it."""

    def __init__(self, credential: str, card: VirtualCard) -> None:
        self.credential, self.card = credential, card
        self._held: VirtualBadge | None = None
        self._exchanges, self._leaves_at = count(), -1

    @property
    def identity(self) -> str:
        return self.credential.partition(":")[2]

    def leave_at(self, exchange: int) -> None:
        """It is pulled away at that exchange, counted from now, before its answer is heard."""
        self._exchanges, self._leaves_at = count(), exchange

    @contextmanager
    def held_to(self, port: int) -> Iterator[None]:
        """Held to a reader as long as the block lasts, or until it is pulled away."""
        self._held = VirtualBadge(port, self.credential, protocol=IsoDep(self, UNHURRIED_ATS))
        holding = Thread(target=self._held.present, args=(HELD_S, PATIENCE_S))
        holding.start()
        try:
            yield
        finally:
            self._held.close()
            holding.join()

    def power_on(self) -> None:
        self.card.power_on()

    def answer(self, apdu: bytes) -> bytes:
        answer = self.card.answer(apdu)
        if next(self._exchanges) == self._leaves_at and (held := self._held) is not None:
            Thread(target=held.close, daemon=True).start()
            wait_until(lambda: held._closed)
        return answer


def ntag424() -> Badge:
    """A blank NTAG 424 DNA that NXP signed."""
    card = blank_ntag424(drawn("ntag424"))
    return Badge(f"ntag424:{card.uid.hex().upper()}", card)


def desfire() -> Badge:
    """A blank DESFire EV3 that NXP signed."""
    card = blank_desfire(drawn("desfire"))
    return Badge(f"desfire:{card.uid.hex().upper()}", card)


class Tapped(NamedTuple):
    """What came of a badge at the door: by the door, and the same in the books."""

    decision: str
    reason: str
    key_version: int | None = None


class NetworkPlace(LivePlace):
    """Broker and units speak TLS, each under its certificate; the members are 1, Anne, and 2, Bruno."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, people=0)
        self.door = self.add_unit("front", readers="entry", debounce_s=0.2, release_s=0.5)
        self.desk = self.add_unit("comptoir", "desk")
        self._commands = count()

    def start(self) -> None:
        """Returns when the desk lends its reader, and the door has told that it is there."""
        super().start()
        self.wait(lambda db: all(_is_online(db, name) for name in self.units))
        self.wait(lambda db: _lends(db, "comptoir"))

    def tap(self, badge: Badge) -> Tapped:
        """Holds the badge to the door; raises where door and books tell it differently."""
        told = len(self.door.told)
        with self.db() as db:
            kept = len(_accesses(db, badge))
            with badge.held_to(self.door.udp):
                decision, reason = self.door.wait_for("decision", after=told).line.split()[1:3]
            wait_until(lambda: len(_accesses(db, badge)) > kept, why=self.server.log_end)
            last = _accesses(db, badge)[-1]
        tapped = Tapped(last["decision"], last["reason"], last.get("key_version"))
        assert tapped[:2] == (decision, reason)
        return tapped

    def wait_for_door(self, badge: Badge, **grant: object) -> None:
        """Waits until the door's list says so of a badge; where nothing is said, until it does not know it."""
        path = self.door.folder / "data" / "access-list.json"

        def knows() -> bool:
            if not path.exists():
                return False
            payload, _, _checksum = path.read_bytes().rpartition(b"\n")
            grants = decode(payload, AccessList).grants
            told = next((each for each in grants if each.credential == badge.credential), None)
            if told is None or not grant:
                return told is None and not grant
            return all(getattr(told, name) == value for name, value in grant.items())

        wait_until(knows, why=lambda: path.read_text() if path.exists() else "no list")

    def known(self, badge: Badge) -> BadgeKeys | None:
        """What the books know of its keys."""
        with self.db() as db:
            return badge_keys.of(db, badge.identity)

    @property
    def key_versions(self) -> list[int]:
        """The versions of the site's key."""
        return sorted(self.site.badge_keys.by_version)

    def begin(self, *words: str, until: str) -> Program:
        """A command of badges at the desk, as soon as it says `until`."""
        log = self.folder / f"command-{next(self._commands)}.log"
        program = Program("server", "-C", str(self.site.folder), "badge", *words, "--unit", "comptoir", log=log)
        program.start()
        wait_until(lambda: until in program.log_text() or not program.is_running, why=program.log_text)
        return program

    def carried_out(self, badge: Badge, *words: str) -> str:
        """What a command of badges prints, the badge held to the desk once that awaits one."""
        program = self.begin(*words, until="présentez un badge")
        with badge.held_to(self.desk.udp):
            wait_until(lambda: not program.is_running, why=program.log_text)
        assert program.stop() == 0, program.log_text()
        return "\n".join(told.line for told in program.told).replace("\u00a0", " ")

    def _made_site(self, folder: Path) -> SiteFolder:
        sites.create(folder, SiteSettings(id=SITE), "localhost")
        text = SETTINGS.format(site=SITE, broker_port=self.broker.port, web_port=self.web_port, always=ALWAYS)
        text = text.replace("[broker]\n", '[broker]\nhost = "localhost"\ntls = true\n')
        text = text.replace("[web]\n", f'[web]\npublic_url = "{PUBLIC_URL}"\n')
        (folder / FILE_NAME).write_text(text, "utf-8")
        site = sites.find(folder)
        site.write_broker_files(user=getpass.getuser())
        self.broker = Mosquitto(site.broker_folder, self.broker.port)
        return site

    def _added_people(self, people: int) -> dict[str, int]:
        with self.db() as db, db.writing():
            for name in ("Anne", "Bruno"):
                members.add(db, name, now=now())
        return {}


def _is_online(db: Database, name: str) -> bool:
    state = units.find(db, name).state
    return state is not None and state.online


def _lends(db: Database, name: str) -> bool:
    state = units.find(db, name).state
    return state is not None and bool(state.lends)


def _accesses(db: Database, badge: Badge) -> list[dict[str, Any]]:
    """What the journal has of it at doors, under whatever name: what no list has is known by its ID alone."""
    sql = "SELECT body FROM events WHERE kind = 'access' AND body ->> '$.credential' LIKE '%:' || ? ORDER BY id"
    return [msgspec.json.decode(row["body"]) for row in db.rows(sql, (badge.identity,))]
