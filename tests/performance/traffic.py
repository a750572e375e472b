"""Units that are nothing but numbered passages on raw sockets."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from device.contract.channels import ACK, EVENTS
from device.contract.codec import encode
from device.contract.messages import Direction, Run
from tests.contract_client import now, passage, tap
from tests.live_place import SITE, LivePlace, Program
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
    """The same messages, sent to a peer that sends each back; to it they are all alike."""

    refused = False

    def __init__(self, place: LivePlace, name: str, model: PressUnit) -> None:
        self.client = RawClient(place.broker.port, f"peer-{name}", [f"peer/{name}/answer"])
        (packet,) = model.packets(1)
        model.sent -= 1
        payload = packet[packet.index(b'{"') :]
        self._packets = [publish_packet(f"peer/{name}/events", payload, nth) for nth in range(1, 65_000)]

    def flow(self, count: int) -> Flow:
        return Flow(self.client, self._packets[:count], lambda done, answer: done + 1)


@contextmanager
def peer(place: LivePlace, kind: str, *prefix: str) -> Iterator[None]:
    """A peer at the place's broker, see `peer.py`."""
    words = (kind, str(place.broker.port), str(place.folder / f"{kind}.db"))
    program = Program("tests.performance.peer", *words, log=place.folder / f"{kind}.log", prefix=prefix)
    program.start()
    try:
        program.wait_for("ready")
        yield
    finally:
        with suppress(OSError):
            program.kill()
