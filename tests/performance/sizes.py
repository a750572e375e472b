"""What a door unit and the server take of memory, and how soon a door answers its first tap."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from device.simulation.virtual_badge import VirtualBadge
from tests.live_place import ROOT, LivePlace, SimulatedUnit, is_kept
from tests.performance.figures import Figure, figure, p50
from tests.performance.traffic import standing_still

STARTS = 5
TAPS = 5
MIB = 2**20
LIBRARIES = "import nfc, nfc.clf.udp, nfc.clf.pn532, gpiozero, gpiozero.pins.mock, paho.mqtt.client, msgspec, sqlite3"
"""What a door cannot do without, and nothing of ours: the floor of its memory and of its start."""
BARE_DOOR = f"{LIBRARIES}, cryptography.hazmat.primitives.ciphers, cryptography.hazmat.primitives.cmac"
BARE_SERVER = "import flask, waitress, paho.mqtt.client, msgspec, sqlite3, sqlite_utils, holidays, babel, flask_wtf"
STAY = "; print('here', flush=True); input()"


def measure(folder: Path) -> Iterator[Figure]:
    """A place of one door, its people tapping; starts with and without the server take turns.

    Everything runs from its bytecode, as it does from the second start on.
    """
    compiled = ("env", "-u", "PYTHONDONTWRITEBYTECODE", f"PYTHONPYCACHEPREFIX={folder / 'bytecode'}")
    with LivePlace(folder, 60) as place:
        door = place.add_unit("front", has_contact=False, prefix=compiled)
        place.server.command = [*compiled, *place.server.command]
        for _ in range(2):
            place.start_server()
            door.start()
            place.wait_for_list("front")
            for running in (door, place.server, place.broker):
                running.stop()
        bare_door, bare_server = (
            (*compiled, sys.executable, "-c", f"{bare}{STAY}") for bare in (BARE_DOOR, BARE_SERVER)
        )
        door_floor, server_floor = _bare_memory(bare_door), _bare_memory(bare_server)
        place.start_server()
        door.start()
        for credential in list(place.people)[:TAPS]:
            assert door.tap(credential) == "granted granted"
            place.wait(is_kept("front", "passage", credential))
        yield from _memory("a door unit", door.pid, door_floor, most=45)
        yield from _memory("the server", place.server.pid, server_floor, most=80)
        yield from _starts(place, door, bare_door)


def _bare_memory(bare: Sequence[str]) -> Any:
    """Of the libraries alone, with nothing of ours beside that has the same pages."""
    subprocess.run(bare, input="\n", text=True, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    with _up(bare) as libraries:
        floor = psutil.Process(libraries.pid).memory_full_info()
        libraries.communicate(b"\n")
    return floor


def _up(bare: Sequence[str]) -> "subprocess.Popen[bytes]":
    """A process that has its libraries loaded."""
    libraries = subprocess.Popen(bare, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert libraries.stdout is not None
    libraries.stdout.readline()
    return libraries


def _memory(who: str, pid: int, floor: Any, most: float) -> Iterator[Figure]:
    """Resident: with what it shares with other programs; its own: what it takes from them."""
    ours, beside = psutil.Process(pid).memory_full_info(), "its libraries"
    yield figure(f"memory of {who}", ours.rss / MIB, "MiB", floor=floor.rss / MIB, beside=beside, most=most)
    yield figure(f"memory of {who}, unshared", ours.uss / MIB, "MiB", floor=floor.uss / MIB, beside=beside)


def _starts(place: LivePlace, door: SimulatedUnit, bare: Sequence[str]) -> Iterator[Figure]:
    found: dict[str, list[float]] = {"with server": [], "without": [], "libraries": []}
    people = random.Random(1).sample(list(place.people), 2 * STARTS)
    for nth in range(STARTS):
        found["with server"].append(_first_answer_s(door, people[2 * nth]))
        place.server.kill()
        place.broker.kill()
        found["without"].append(_first_answer_s(door, people[2 * nth + 1]))
        began_s = time.monotonic()
        with standing_still(door), _up(bare) as libraries:
            found["libraries"].append(time.monotonic() - began_s)
            libraries.communicate(b"\n")
        place.start_server()
    floor = p50(found.pop("libraries"))
    for name, seconds in found.items():
        yield figure(f"start → first tap, {name}", p50(seconds), "s", floor=floor, beside="its libraries", most=1.5)


def _first_answer_s(door: SimulatedUnit, credential: str) -> float:
    """A badge is held to the reader while the door's process is started anew."""
    door.kill()
    mark, began_s = len(door.told), time.monotonic()
    door.start()
    assert VirtualBadge(door.udp, credential).present(0.01), door.log_end()
    return door.wait_for("decision granted", after=mark).at_s - began_s
