"""A badge is enrolled for real: commands, server, Mosquitto, the units of a desk and a door; nfcpy over UDP."""

import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Thread

import pytest

from device.contract.keys import DOOR_SLOT
from device.simulation.iso_dep import IsoDep
from device.simulation.virtual_badge import VirtualBadge
from server.app import Server, ServerPart
from server.app import _parts as server_parts
from server.enrolment.desk_sessions import DeskSessions
from server.errors import Refusal
from server.store.database import Database
from server.store.people import badge_keys, badges
from server.store.units import units
from tests.enrolling_place import drawn
from tests.live_place import LivePlace, Program
from tests.patience import PATIENCE_S, Deadline, wait_until
from tests.signed_card import CREDENTIAL, SIGNED_UID, signed_card

AWAY_S = 4.0
"""Longer than a badge counts as the same tap (`debounce_s`)."""
IDENTITY = SIGNED_UID.hex().upper()


@contextmanager
def sent_to_children(number: signal.Signals) -> Iterator[None]:
    """A child that begins meanwhile does not inherit that the signal is ignored, as it is behind `&` in a shell."""
    former = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(number, former)


class WatchedCard:
    """A card that notes every key, random number and session key that comes up, and lets something happen in between.

    `at` is the exchange, counted from the present holding, before whose answer `happen` is called.
    """

    def __init__(self) -> None:
        self.card = signed_card(drawn("card"))
        self.secrets: set[bytes] = set()
        self.door_keys: set[bytes] = set()
        self.at, self.happen = -1, lambda: None
        self._exchange = count()

    def power_on(self) -> None:
        self.card.power_on()

    def answer(self, apdu: bytes) -> bytes:
        answer = self.card.answer(apdu)
        self._note()
        if next(self._exchange) == self.at:
            self.at = -1
            self.happen()
        return answer

    def trap(self, at: int, happen: Callable[[], None]) -> None:
        """Lets that happen at an exchange from now."""
        self._exchange, self.at, self.happen = count(), at, happen

    def _note(self) -> None:
        self.secrets |= {key for key in self.card.keys if any(key)}
        self.door_keys.add(self.card.keys[DOOR_SLOT])
        for part in (self.card.channel._pending, self.card.channel._session):
            values = [value for value in part or () if isinstance(value, bytes) and len(value) == 16]
            self.secrets |= {value for value in values if any(value)}


class Bench:
    """A live place with a desk and a door, and one card."""

    def __init__(self, folder: Path) -> None:
        self.place = LivePlace(folder, people=2)
        self.door = self.place.add_unit("front", readers="entry")
        self.desk = self.place.add_unit("comptoir", "desk")
        self.card = WatchedCard()
        self.told = ""
        self._held: list[tuple[VirtualBadge, Thread]] = []
        self._orders = count()

    def start(self) -> None:
        self.place.start()
        self.wait_for_desk()

    def wait_for_desk(self) -> None:
        """Until the desk has said anew that it is there and lends its reader."""

        def lends(db: Database) -> bool:
            state = units.find(db, "comptoir").state
            return state is not None and state.online and bool(state.lends)

        self.place.wait(lends)

    def hold(self, port: int | None = None) -> VirtualBadge:
        """Holds the card to the desk, or to another reader."""
        badge = VirtualBadge(port or self.desk.udp, CREDENTIAL, protocol=IsoDep(self.card))
        thread = Thread(target=badge.present, args=(PATIENCE_S, PATIENCE_S), daemon=True)
        thread.start()
        self._held.append((badge, thread))
        return badge

    def take_away(self) -> None:
        for badge, thread in self._held:
            badge.close()
            thread.join(PATIENCE_S)
        self._held.clear()

    def pull_away(self) -> None:
        """Takes the card away before what it says is heard; to be called in the middle of an exchange."""
        badge, _ = self._held[-1]
        Thread(target=badge.close, daemon=True).start()
        wait_until(lambda: badge._closed)

    def begin(self, *words: str) -> Program:
        """A command of badges at the desk, as soon as it awaits the badge."""
        log = self.place.folder / f"command-{next(self._orders)}.log"
        program = Program("server", "-C", str(self.place.site.folder), "badge", *words, "--unit", "comptoir", log=log)
        program.start()
        wait_until(lambda: "présentez un badge" in program.log_text() or not program.is_running, why=program.log_text)
        return program

    def status(self, program: Program) -> int:
        """How a command ended."""
        wait_until(lambda: not program.is_running, why=program.log_end)
        self.take_away()
        assert program._process is not None
        return program._process.returncode

    def carried_out(self, *words: str) -> None:
        """A command with the card held to the desk from beginning to end."""
        program = self.begin(*words)
        self.hold()
        assert self.status(program) == 0, program.log_text()

    def opens_the_door(self) -> bool:
        """Whether the door lets the card pass, once it has heard of it."""
        self.place.wait_for_list("front", IDENTITY)
        return self.at_the_door() == "granted granted"

    def at_the_door(self) -> str:
        """What the door decides on the card; held again where it was there a moment ago, which is no second tap."""
        before, deadline = len(self.door.told), Deadline(PATIENCE_S)

        def decisions() -> list[str]:
            return [told.line for told in self.door.told[before:] if told.line.startswith("decision")]

        while not decisions():
            assert deadline.left_s > 0, self.door.log_end()
            badge = VirtualBadge(self.door.udp, CREDENTIAL, protocol=IsoDep(self.card))
            badge.present(1.0, PATIENCE_S)
            badge.close()
            away = Deadline(AWAY_S)
            wait_until(lambda away=away: bool(decisions()) or away.left_s < 0)  # type: ignore[misc]
        return " ".join(decisions()[-1].split()[1:3])

    def is_finished(self) -> bool:
        """Whether the books know for certain what the card holds."""
        with self.place.db() as db:
            known = badge_keys.of(db, IDENTITY)
            held = badges.holding(db, IDENTITY)
        return known is not None and known.next_version is None and known.key_version == 1 and held is not None


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """All of it."""
    bench = Bench(tmp_path_factory.mktemp("live"))
    with bench.place:
        bench.start()
        yield bench
        bench.take_away()


@pytest.fixture
def bench(running: Bench) -> Bench:
    """All of it, running, with the card enrolled for the first member, whatever was done to it before."""
    if not running.is_finished():
        running.carried_out("enrol", "1")
    return running


def test_a_blank_badge_is_enrolled_and_opens_the_door(bench: Bench) -> None:
    assert bench.is_finished()
    assert bench.opens_the_door()


@pytest.mark.parametrize("at", [1, 6, 11, 16, 22, 27])
def test_pulled_away_and_held_again_it_is_finished_in_the_same_session(bench: Bench, at: int) -> None:
    program = bench.begin("rekey")
    bench.card.trap(at, bench.pull_away)
    bench.hold()
    wait_until(lambda: bench.card.at == -1 or not program.is_running)
    bench.take_away()
    bench.hold()
    assert bench.status(program) == 0, program.log_text()
    assert bench.is_finished()


def test_a_command_that_is_killed_leaves_a_badge_that_the_next_one_finishes(bench: Bench) -> None:
    program = bench.begin("rekey")
    bench.card.trap(18, program.kill)
    bench.hold()
    assert bench.status(program) != 0
    assert not bench.is_finished()
    bench.carried_out("enrol", "1")
    assert bench.is_finished()
    assert bench.opens_the_door()


def test_the_desk_dies_in_the_middle_and_the_badge_is_finished_afterwards(bench: Bench) -> None:
    program = bench.begin("rekey")
    bench.card.trap(18, lambda: Thread(target=bench.desk.kill).start())
    bench.hold()
    assert bench.status(program) == 1
    assert "comptoir ne répond plus" in program.log_text()
    wait_until(lambda: not bench.desk.is_running)
    bench.desk.start()
    bench.wait_for_desk()
    bench.carried_out("rekey")
    assert bench.is_finished()


def test_the_broker_dies_in_the_middle_and_the_badge_is_finished_in_the_end(bench: Bench) -> None:
    def dies() -> None:
        bench.place.broker.kill()
        bench.place.broker.start()

    program = bench.begin("rekey")
    bench.card.trap(18, dies)
    bench.hold()
    if bench.status(program) != 0:  # who came back first, and when, is chance
        bench.wait_for_desk()
        bench.carried_out("rekey")
    assert bench.is_finished()


def test_the_server_dies_in_the_middle_and_the_command_goes_on(bench: Bench) -> None:
    program = bench.begin("rekey")
    bench.card.trap(18, bench.place.server.kill)
    bench.hold()
    assert bench.status(program) == 0, program.log_text()
    assert bench.is_finished()
    bench.place._start_server()
    bench.wait_for_desk()
    assert bench.opens_the_door()


def test_no_key_and_no_random_number_stands_in_any_log_or_at_the_desk(bench: Bench) -> None:
    bench.carried_out("rekey")
    bench.carried_out("read", "--json")
    assert len(bench.card.secrets) > 20
    files = [path for path in bench.place.folder.rglob("*") if path.is_file() and "secrets" not in path.parts]
    logs = [path for path in files if path.suffix == ".log" or path.name == "log"]
    assert {bench.desk.folder / "log", bench.place.folder / "server.log"} <= set(logs)
    at_desk = [path for path in files if path.is_relative_to(bench.desk.folder)]
    for path in {*logs, *at_desk}:
        content = path.read_bytes()
        # like a door a desk tells by that one key whether a badge is a copy; with it nothing is written
        known = bench.card.door_keys if path.name == "access-list.json" else set()
        for secret in bench.card.secrets - known:
            for written in (secret, secret.hex().encode(), secret.hex().upper().encode()):
                assert written not in content, path


def test_the_running_server_does_it_too_and_each_page_can_follow(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.place.server.stop()
    parts: list[DeskSessions] = []

    def beside(server: Server) -> list[ServerPart]:
        made = server_parts(server)
        parts.extend(part for part in made if isinstance(part, DeskSessions))
        return made

    server = Server(bench.place.site, beside=beside)
    changes = server.feed.subscribe("card")
    with caplog.at_level(logging.DEBUG):
        server.start()
        try:
            wait_until(lambda: server.link.is_up)
            (sessions,) = parts
            loans = bench.desk.log_text().count("reader lent")
            session = sessions.begin("rekey", "comptoir", by="Marie")
            with pytest.raises(Refusal, match=r"reader_lent_already.*Marie"):
                sessions.begin("read", "comptoir", by="Paul")
            wait_until(lambda: bench.desk.log_text().count("reader lent") > loans)
            bench.hold()
            wait_until(lambda: sessions.look(session).state.is_over)
            assert sessions.look(session).state.phase == "done", sessions.look(session).state.refusal
            assert changes.wait(0)
            bench.take_away()
            left = sessions.begin("read", "comptoir", by="Marie")
        finally:
            server.stop()
        assert sessions.look(left).state.phase == "cancelled"
    bench.place._start_server()
    assert bench.is_finished()
    for secret in bench.card.secrets:
        assert secret.hex() not in caplog.text.lower()


def test_ctrl_c_gives_the_reader_back(bench: Bench) -> None:
    before = bench.desk.log_text().count("how=silence")
    with sent_to_children(signal.SIGINT):
        program = bench.begin("read")
    os.kill(program.pid, signal.SIGINT)
    assert bench.status(program) == 1
    wait_until(lambda: bench.desk.log_text().count("how=silence") > before, why=bench.desk.log_end)
    assert "Traceback" not in program.log_text()


def test_without_a_server_the_command_line_is_enough(bench: Bench) -> None:
    bench.place.server.stop()
    bench.carried_out("wipe")
    assert not any(any(key) for key in bench.card.card.keys)
    with bench.place.db() as db:
        assert badges.holding(db, IDENTITY) is None
    bench.carried_out("enrol", "2")
    assert bench.is_finished()
    bench.carried_out("wipe")
    bench.place._start_server()
    wait_until(lambda: IDENTITY not in (bench.door.folder / "data" / "access-list.json").read_text())
    assert bench.at_the_door() == "denied unknown_credential"
