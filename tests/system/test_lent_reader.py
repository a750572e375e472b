"""A desk lends its reader over a real broker, to a server that speaks to the badge frame by frame."""

import os
from datetime import timedelta
from threading import Thread

import pytest

from device.contract.channels import CARD, COMMAND
from device.contract.instant import Instant
from device.contract.lent_reader import CardAnswer, CardFrames
from device.contract.messages import Command
from device.simulation.cards import FACTORY_KEYS, Ntag424
from device.simulation.iso_dep import IsoDep
from device.simulation.virtual_badge import VirtualBadge
from tests.contract_client import now
from tests.mosquitto import Mosquitto
from tests.patience import PATIENCE_S, eventually
from tests.server_client import ContractServer
from tests.simulated_unit import SimulatedUnit

DESK = """
name = "desk"
kind = "desk"
[site]
id = "comptoir"
[broker]
port = {port}
[[readers]]
side = "entry"
[pins]
buzzer = 25
[ring]
leds = 12
"""
FIRST, SECOND = "c4f10a2b3c4d5e6f", "00000000000000aa"
ORDERS = {FIRST: "c-1", SECOND: "c-2"}
UID, UID_2 = "04A1B2C3D4E5F6", "04B1B2C3D4E5F6"
SELECT = "00A4040C07D276000085010100"
CHALLENGE = "9071000002000000"


class Borrower(ContractServer):
    """A server that borrows the reader of the unit `desk`, with a person beside it who holds badges to it."""

    def __init__(self, port, udp):
        super().__init__(port)
        self._udp, self._held = udp, []

    def close(self):
        for badge, thread in self._held:
            badge.close()
            thread.join()
        super().close()

    def hold(self, uid=UID, protocol=None):
        badge = VirtualBadge(self._udp, f"ntag424:{uid}", protocol=protocol)
        thread = Thread(target=badge.present, args=(10 * PATIENCE_S, PATIENCE_S))
        self._held.append((badge, thread))
        thread.start()
        return badge

    def lend(self, session=FIRST, for_s=600):
        order = Command(
            id=ORDERS[session],
            kind="lend",
            expires_at=Instant.of(now() + timedelta(seconds=60)),
            by="Marie",
            session=session,
            for_s=for_s,
        )
        self.say(COMMAND, order, "desk")
        assert self.hears(lambda heard: (order.id, True) in done(heard))

    def send(self, n, *frames, session=FIRST, end=None):
        self.say(CARD, CardFrames(session=session, n=n, send=list(frames) or None, end=end), "desk")

    def hears_of(self, uid=UID, session=FIRST, times=1):
        """Whether a badge is there, so many times as it was said in all."""
        there = (session, 0, uid, "20", "067777710280", False)

        def told(heard):
            return [(each.session, each.n, each.uid, each.sak, each.ats, each.gone) for each in heard.card_answers]

        return self.hears(lambda heard: told(heard).count(there) >= times)

    def answers(self, n, session=FIRST):
        return [each for each in self.card_answers if (each.session, each.n) == (session, n)]

    def exchanged(self, n, *frames, session=FIRST):
        """The answer to these frames."""
        self.send(n, *frames, session=session)
        assert self.hears(lambda heard: heard.answers(n, session))
        return self.answers(n, session)[0]


def done(server):
    return [(event.id, event.ok) for event in server.events("CommandDone")]


@pytest.fixture
def broker(tmp_path):
    made = Mosquitto(tmp_path / "broker")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def unit(tmp_path, broker):
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "unit.toml").write_text(DESK.format(port=broker.port))
    made = SimulatedUnit(folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def server(broker, unit):
    made = Borrower(broker.port, unit.udp)
    assert made.hears(lambda heard: heard.states and heard.states[-1].lends)
    yield made
    made.close()


def test_the_server_speaks_to_the_badge_on_the_desks_reader(server, unit):
    server.lend()
    server.hold()
    assert server.hears_of()
    selected, challenge = server.exchanged(1, SELECT, CHALLENGE).got
    assert selected == "9000"
    assert len(challenge) == 36 and challenge.endswith("91AF")
    server.send(2, end="done")
    assert unit.said("buzzer badge_done")
    assert not [line for line in unit.lines if line.startswith("decision ")]
    said = unit.log() + "".join(path.read_bytes().decode("latin-1") for path in unit.folder.rglob("outbox.db*"))
    for secret in (UID, FIRST, SELECT, CHALLENGE, challenge[:-4]):
        assert secret.lower() not in said.lower()


def test_the_same_number_is_carried_out_once(server):
    """The badge's challenge is a fresh one each time that it is asked for one."""
    server.lend()
    server.hold()
    assert server.hears_of()
    first = server.exchanged(1, SELECT, CHALLENGE)
    server.send(1, SELECT, CHALLENGE)
    assert server.hears(lambda heard: len(heard.answers(1)) == 2)
    assert server.answers(1) == [first, first]
    assert server.exchanged(2, CHALLENGE).got[0] != first.got[1]


def test_a_badge_that_is_pulled_away_may_be_held_again(server):
    server.lend()
    badge = server.hold()
    assert server.hears_of()
    assert server.exchanged(1, SELECT).got == ["9000"]
    badge.close()
    assert server.hears(lambda heard: heard.answers(1)[-1].gone)
    assert server.exchanged(2, CHALLENGE) == CardAnswer(session=FIRST, n=2, got=[], gone=True)
    server.hold()
    assert server.hears_of(times=2)
    assert len(server.exchanged(3, SELECT, CHALLENGE).got) == 2


def test_after_its_time_the_desk_decides_on_badges_again_and_a_new_loan_is_possible(server, unit):
    server.lend(for_s=1)
    assert eventually(lambda: "session=c4f1 how=time" in unit.log())
    unit.tap(f"uid:{UID_2}")
    assert unit.said(f"decision denied unknown_credential uid:{UID_2}"), unit.lines
    server.send(1, SELECT)
    server.lend(SECOND)
    server.hold()
    assert server.hears_of(session=SECOND)
    assert server.exchanged(1, SELECT, session=SECOND).got == ["9000"]
    assert server.answers(1) == []


def test_a_new_loan_takes_the_place_of_the_one_before(server):
    server.lend()
    server.hold()
    assert server.hears_of()
    server.lend(SECOND)
    assert server.hears_of(session=SECOND)
    server.send(1, SELECT)
    assert server.exchanged(1, SELECT, session=SECOND).got == ["9000"]
    assert server.answers(1) == []


def test_what_happens_while_the_broker_is_away_is_said_when_it_is_back(server, unit, broker):
    server.lend()
    badge = server.hold()
    assert server.hears_of()
    assert server.exchanged(1, SELECT).got == ["9000"]
    broker.stop()
    assert eventually(lambda: "broker unreachable" in unit.log())
    badge.close()
    server.hold(UID_2)
    broker.start()
    assert server.hears_of(UID_2)
    assert len(server.exchanged(2, SELECT, CHALLENGE).got) == 2


def test_a_unit_that_was_killed_knows_nothing_of_the_loan_and_takes_a_new_one(server, unit):
    server.lend()
    server.hold()
    assert server.hears_of()
    assert server.exchanged(1, SELECT).got == ["9000"]
    unit.kill()
    unit.start()
    assert server.hears(lambda heard: len(heard.events("Started")) == 2)
    server.send(2, SELECT)
    server.lend(SECOND)
    assert server.hears_of(session=SECOND)
    assert server.exchanged(1, SELECT, session=SECOND).got == ["9000"]
    assert server.answers(2) == []


class Waiting(IsoDep):
    """A card that asks for more time for ever once it is activated."""

    def feed(self, frame):
        return b"\xf2\x3b" if self.active else super().feed(frame)


def test_a_hostile_card_is_gone_within_its_deadline_and_the_next_badge_is_served(server):
    server.lend()
    hostile = server.hold(protocol=Waiting(Ntag424(bytes.fromhex(UID), FACTORY_KEYS, os.urandom)))
    assert server.hears_of()
    answer = server.exchanged(1, SELECT, CHALLENGE)
    assert (answer.got, answer.gone) == ([], True)
    hostile.close()
    server.hold(UID_2)
    assert server.hears_of(UID_2)
    assert server.exchanged(2, SELECT).got == ["9000"]


def test_any_bytes_from_the_broker_change_nothing(server, unit):
    server.lend()
    server.hold()
    assert server.hears_of()
    for rubbish in (b"\x00\xff", b"[" * 5_000, b"{}", b'{"session":"c4f10a2b3c4d5e6f","n":1,"send":["0"]}'):
        server.say(CARD, rubbish, "desk")
    assert server.exchanged(1, SELECT).got == ["9000"]
    assert "Traceback" not in unit.log()
