"""Events a second through the server, 20 units sending runs of one event, each durable before its ack.

Beside it the same messages through a bare paho echo, through a paho callback that commits each by itself, and through
one that commits what waits together, each of them alone; all of it again on a disk whose syncs take 5 ms longer, as an
SD card's do.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.live_place import LivePlace
from tests.performance.figures import Figure, figure
from tests.performance.raw_mqtt import run_flows
from tests.performance.traffic import PeerClient, PressUnit, peer

UNITS, PEOPLE = 20, 1_000
WINDOW = 200
ROUNDS = 3
FAST = {"events": 300, "passages": 300, "echo": 300, "committer": 300, "grouper": 300}
SLOW = {"events": 150, "passages": 150, "committer": 10, "grouper": 150}
"""How many of each unit, in a round."""
OURS = ("events", "passages")


def measure(folder: Path) -> Iterator[Figure]:
    """Fast disk, then slow. Events are refused taps, for the journal alone; passages move presence and are charged."""
    (folder / "fast").mkdir()
    (folder / "slow").mkdir()
    fast = _rates(folder / "fast", FAST)
    slow = _rates(folder / "slow", SLOW, *slow_fsync(folder))
    alone, together = "a commit a message", "bare group commit"
    name = "events, 20 units"
    yield figure(name, fast["events"], "/s", floor=fast["echo"], beside="bare paho echo", least_times=0.5)
    yield figure(name, fast["events"], "/s", floor=fast["committer"], beside=alone, least_times=3)
    yield figure(name, fast["events"], "/s", floor=fast["grouper"], beside=together)
    yield figure(f"{name}, slow disk", slow["events"], "/s", floor=slow["committer"], beside=alone, least_times=20)
    yield figure(f"{name}, slow disk", slow["events"], "/s", floor=slow["grouper"], beside=together)
    name = "passages charged, 20 units"
    yield figure(name, fast["passages"], "/s", floor=fast["grouper"], beside=together, least=3_000)
    yield figure(f"{name}, slow disk", slow["passages"], "/s", floor=slow["grouper"], beside=together, least=1_500)


def slow_fsync(folder: Path) -> tuple[str, ...]:
    """The command before a command that makes its syncs slow."""
    library = folder / "slow_fsync.so"
    source = Path(__file__).with_name("slow_fsync.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return "env", f"LD_PRELOAD={library}"


def _rates(folder: Path, bursts: dict[str, int], *prefix: str) -> dict[str, float]:
    """Events a second by who takes them; each takes its turn in every round, alone, and the median round stands."""
    with LivePlace(folder, PEOPLE) as place:
        place.server.command = [*prefix, *place.server.command]
        for nth in range(UNITS):
            place.add_unit(f"door-{nth}")
        place.start_server()
        people = list(place.people)
        units = [PressUnit(place, f"door-{nth}", people[nth::UNITS]) for nth in range(UNITS)]
        rates: dict[str, list[float]] = {kind: [] for kind in bursts}
        for _ in range(ROUNDS):
            for kind, burst in bursts.items():
                rate = _ours(kind, units, burst) if kind in OURS else _peers(place, kind, units, burst, prefix)
                rates[kind].append(rate)
    return {kind: median(found) for kind, found in rates.items()}


def _ours(kind: str, units: Sequence[PressUnit], burst: int) -> float:
    for unit in units:
        unit.refused = kind == "events"
    return len(units) * burst / run_flows([unit.flow(burst) for unit in units], WINDOW)


def _peers(place: LivePlace, kind: str, units: Sequence[PressUnit], burst: int, prefix: Sequence[str]) -> float:
    with peer(place, kind, *prefix), ExitStack() as connections:
        clients = [PeerClient(place, kind, unit) for unit in units]
        for client in clients:
            connections.callback(client.client.close)
        return len(clients) * burst / run_flows([client.flow(burst) for client in clients], WINDOW)
