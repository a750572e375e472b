"""Units that are nothing but numbered passages on raw sockets."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from device.contract.channels import ACK, EVENTS
from device.contract.codec import encode
from device.contract.messages import Direction, Run
from tests.contract_client import now, passage, tap
from tests.live_place import SITE, LivePlace, Program
from tests.performance.peer import answer_topic, events_topic
from tests.performance.raw_mqtt import Flow, Publication, RawClient, publish_packet

EPOCH = "00c0ffee"
_SIDES: tuple[Direction, Direction] = ("entry", "exit")
_THROUGH = re.compile(rb'"through":(\d+)')


class PressUnit:
    """A door of the place in whose name runs of one event are sent: its people come and go, or are `refused`."""

    def __init__(self, place: LivePlace, name: str, people: list[str]) -> None:
        self.name, self._people = name, people
        self.sent = 0
        self.refused = False
        self.client = RawClient(place.broker.port, name, [ACK.topic(SITE, name)])

    def packets(self, count: int) -> list[bytes]:
        """The next so many runs."""
        return [self._packet() for _ in range(count)]

    def flow(self, count: int) -> Flow:
        """The next so many runs, to be sent and acknowledged."""
        before = self.sent
        return Flow(self.client, self.packets(count), lambda done, answer: max(done, through(answer) - before))

    def _packet(self) -> bytes:
        self.sent += 1
        visit, leaves = divmod(self.sent - 1, 2)
        credential = self._people[visit % len(self._people)]
        event = tap(credential, reason="suspended") if self.refused else passage(credential, _SIDES[leaves])
        run = encode(Run(epoch=EPOCH, first=self.sent, sent_at=now(), events=[event]))
        return publish_packet(EVENTS.topic(SITE, self.name), run, self.sent)


def through(answer: Publication) -> int:
    """Up to where an ack says that events are kept."""
    found = _THROUGH.search(answer.payload)
    return int(found[1]) if found else 0


class PeerClient:
    """The same messages, sent to a peer that answers each, or says how many it keeps; to it they are all alike."""

    def __init__(self, place: LivePlace, kind: str, model: PressUnit) -> None:
        self._kind, self.sent = kind, 0
        self.client = RawClient(place.broker.port, f"{kind}-{model.name}", [answer_topic(kind, model.name)])
        (packet,) = model.packets(1)
        model.sent -= 1
        self._topic, self._payload = events_topic(kind, model.name), packet[packet.index(b'{"') :]

    def flow(self, count: int) -> Flow:
        """The next so many messages, to be sent and answered."""
        before, self.sent = self.sent, self.sent + count
        packets = [publish_packet(self._topic, self._payload, nth) for nth in range(before + 1, self.sent + 1)]
        if self._kind == "grouper":
            return Flow(self.client, packets, lambda done, answer: max(done, through(answer)))
        return Flow(self.client, packets, lambda done, answer: done + 1)


@contextmanager
def peer(place: LivePlace, kind: str, *prefix: str) -> Iterator[None]:
    """A peer alone at the place's broker, see `peer.py`; the server stands still meanwhile."""
    words = (kind, str(place.broker.port), str(place.folder / f"{kind}.db"))
    program = Program("tests.performance.peer", *words, log=place.folder / f"{kind}.log", prefix=prefix)
    with standing_still(place.server):
        program.start()
        try:
            program.wait_for("ready")
            yield
        finally:
            with suppress(OSError):
                program.kill()


@contextmanager
def standing_still(*programs: Program) -> Iterator[None]:
    """Programs that take nothing of the machine from what is measured meanwhile."""
    processes = [psutil.Process(program.pid) for program in programs]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()
