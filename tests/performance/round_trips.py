"""One unit alone: passage sent → committed durably → acknowledged, beside a bare round trip and a bare commit."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from tests.live_place import LivePlace
from tests.performance.figures import Figure, figure, p50, p99
from tests.performance.peer import bare_books, commit
from tests.performance.raw_mqtt import RawClient, publish_packet
from tests.performance.traffic import PressUnit, standing_still, through

BLOCKS, TRIPS, WARM_UP = 20, 50, 50
STALL_MS = 40
PAYLOAD = bytes(220)


def measure(folder: Path) -> Iterator[Figure]:
    """In turns, so that what else the machine does falls on all alike; the server stands still while the bare ones do
    theirs, for it goes on working on a passage after its ack."""
    trips: list[float] = []
    commits: list[float] = []
    ours: list[float] = []
    with LivePlace(folder) as place, closing(bare_books(str(folder / "bare.db"))) as bare:
        place.add_unit("front")
        place.start_server()
        unit = PressUnit(place, "front", list(place.people))
        echo = RawClient(place.broker.port, "bare", ["bare"])
        packet = publish_packet("bare", PAYLOAD)
        for nth, passage in enumerate(unit.packets(WARM_UP), start=1):
            _acknowledged(unit, passage, nth)
        for _ in range(BLOCKS):
            first = unit.sent + 1
            ours += [
                _millis(lambda nth=nth, passage=passage: _acknowledged(unit, passage, nth))  # type: ignore[misc]
                for nth, passage in enumerate(unit.packets(TRIPS), start=first)
            ]
            with standing_still(place.server):
                trips += [_millis(lambda: _back(echo, packet)) for _ in range(TRIPS)]
                commits += [_millis(lambda: commit(bare, PAYLOAD)) for _ in range(TRIPS)]
    floors = [trip + bare for trip, bare in zip(trips, commits, strict=True)]
    yield figure("bare MQTT round trip, p50", p50(trips), "ms")
    yield figure("bare SQLite commit, p50", p50(commits), "ms")
    name, beside = "passage → durable → acknowledged", "both of these"
    yield figure(f"{name}, p50", p50(ours), "ms", floor=p50(floors), beside=beside, most_times=3)
    yield figure(f"{name}, p99", p99(ours), "ms", floor=p99(floors), beside=beside, most=STALL_MS)


def _acknowledged(unit: PressUnit, passage: bytes, number: int) -> None:
    unit.client.send(passage)
    unit.client.wait_for(lambda answer: through(answer) >= number)


def _back(client: RawClient, packet: bytes) -> None:
    client.send(packet)
    client.publications()


def _millis(work: Callable[[], None]) -> float:
    began_s = time.perf_counter()
    work()
    return (time.perf_counter() - began_s) * 1000
