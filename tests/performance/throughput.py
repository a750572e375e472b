"""Events a second through the server, 20 units sending runs of one event, each durable before its ack.

Beside it the same messages through a bare paho echo, and through a paho callback that commits each by itself; all of
it again on a disk whose syncs take 5 ms longer, as an SD card's do.
"""

import subprocess
from collections.abc import Iterator
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
BURST = 300
"""Of each unit, in a round."""
SLOW_BURSTS = {"ours": 150, "committer": 10}


def measure(folder: Path) -> Iterator[Figure]:
    """Fast disk, then slow."""
    (folder / "fast").mkdir()
    (folder / "slow").mkdir()
    bursts = dict.fromkeys(("ours", "echo", "committer"), BURST)
    fast = _rates(folder / "fast", bursts)
    yield figure("events, 20 units", fast["ours"], "/s", floor=fast["echo"], beside="bare paho echo", least_times=0.5)
    yield _against_committer("events, 20 units", fast, 3)
    slow = _rates(folder / "slow", SLOW_BURSTS, *slow_fsync(folder))
    yield _against_committer("events, 20 units, fsync 5 ms slower", slow, 20)


def slow_fsync(folder: Path) -> tuple[str, ...]:
    """The command before a command that makes its syncs slow."""
    library = folder / "slow_fsync.so"
    source = Path(__file__).with_name("slow_fsync.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return "env", f"LD_PRELOAD={library}"


def _against_committer(name: str, rates: dict[str, float], times: float) -> Figure:
    return figure(name, rates["ours"], "/s", floor=rates["committer"], beside="a commit a message", least_times=times)


def _rates(folder: Path, bursts: dict[str, int], *prefix: str) -> dict[str, float]:
    """Events a second by who takes them; each takes its turn in every round, and the median round stands."""
    with LivePlace(folder, PEOPLE) as place, ExitStack() as peers:
        place.server.command = [*prefix, *place.server.command]
        for nth in range(UNITS):
            place.add_unit(f"door-{nth}")
        place.start_server()
        people = list(place.people)
        units = [PressUnit(place, f"door-{nth}", people[nth::UNITS]) for nth in range(UNITS)]
        sides: dict[str, list[PressUnit] | list[PeerClient]] = {"ours": units}
        for kind in bursts.keys() - sides.keys():
            peers.enter_context(peer(place, kind, *prefix))
            sides[kind] = [PeerClient(place, f"{kind}-{nth}", unit) for nth, unit in enumerate(units)]
        rounds = [{kind: _rate(sides[kind], burst) for kind, burst in bursts.items()} for _ in range(ROUNDS)]
    return {kind: median(each[kind] for each in rounds) for kind in bursts}


def _rate(clients: list[PressUnit] | list[PeerClient], burst: int) -> float:
    return len(clients) * burst / run_flows([client.flow(burst) for client in clients], WINDOW)
