"""Events a second through the server, 20 units sending runs of one event, each durable before its ack.

Beside it the same messages through a bare paho echo, and through a paho callback that commits each by itself; all of
it again on a disk whose syncs take 5 ms longer, as an SD card's do.
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
FAST = {"events": 300, "passages": 300, "echo": 300, "committer": 300}
SLOW = {"events": 150, "passages": 150, "committer": 10}
"""How many of each unit, in a round."""
OURS = ("events", "passages")


def measure(folder: Path) -> Iterator[Figure]:
    """Fast disk, then slow. Events are refused taps, for the journal alone; passages move presence and are charged."""
    (folder / "fast").mkdir()
    (folder / "slow").mkdir()
    fast = _rates(folder / "fast", FAST)
    slow = _rates(folder / "slow", SLOW, *slow_fsync(folder))
    name, beside = "events, 20 units", "a commit a message"
    yield figure(name, fast["events"], "/s", floor=fast["echo"], beside="bare paho echo", least_times=0.5)
    yield figure(name, fast["events"], "/s", floor=fast["committer"], beside=beside, least_times=3)
    yield figure(f"{name}, slow disk", slow["events"], "/s", floor=slow["committer"], beside=beside, least_times=20)
    name = "passages charged, 20 units"
    yield figure(name, fast["passages"], "/s", floor=fast["echo"], beside="bare paho echo", least=3_000)
    yield figure(f"{name}, slow disk", slow["passages"], "/s", floor=slow["committer"], beside=beside, least=1_500)


def slow_fsync(folder: Path) -> tuple[str, ...]:
    """The command before a command that makes its syncs slow."""
    library = folder / "slow_fsync.so"
    source = Path(__file__).with_name("slow_fsync.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return "env", f"LD_PRELOAD={library}"


def _rates(folder: Path, bursts: dict[str, int], *prefix: str) -> dict[str, float]:
    """Events a second by who takes them; each takes its turn in every round, and the median round stands."""
    with LivePlace(folder, PEOPLE) as place, ExitStack() as peers:
        place.server.command = [*prefix, *place.server.command]
        for nth in range(UNITS):
            place.add_unit(f"door-{nth}")
        place.start_server()
        people = list(place.people)
        units = [PressUnit(place, f"door-{nth}", people[nth::UNITS]) for nth in range(UNITS)]
        sides: dict[str, Sequence[PressUnit | PeerClient]] = dict.fromkeys(OURS, units)
        for kind in bursts.keys() - sides.keys():
            peers.enter_context(peer(place, kind, *prefix))
            sides[kind] = [PeerClient(place, f"{kind}-{nth}", unit) for nth, unit in enumerate(units)]
        rounds = [{kind: _rate(kind, sides[kind], burst) for kind, burst in bursts.items()} for _ in range(ROUNDS)]
    return {kind: median(each[kind] for each in rounds) for kind in bursts}


def _rate(kind: str, clients: Sequence[PressUnit | PeerClient], burst: int) -> float:
    for client in clients:
        client.refused = kind == "events"
    return len(clients) * burst / run_flows([client.flow(burst) for client in clients], WINDOW)
