"""A room's ring: from the dial to the light, from the desk to the light, what a frame costs, and what rest costs."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psutil

from device.adapters.led_ring import wire
from device.core.lights.light import Rgb, drives
from device.core.lights.room_ring import Reservation, Room, RoomSigns, frame
from device.core.lights.room_use import DEFAULT_USES, Use
from server.app import Server
from tests.live_place import LivePlace, Program
from tests.performance.figures import Figure, figure, p50, p99
from tests.performance.peer import bare_books, commit
from tests.performance.raw_mqtt import RawClient, publish_packet
from tests.performance.traffic import standing_still

ROOM, SEATS = "open-space", 12
TURNS, SETTINGS = 300, 200
FRAMES = 4_000
QUIET_S = 2.0
"""After so long the server has told everybody of the last setting."""
PAUSE_S = 0.06
"""Between two settings of a room; somebody at the desk takes longer."""
REST_S = 12.0
"""Two of the gestures by which a use is known without its colour."""
MIB = 2**20
LIBRARIES = "import gpiozero, gpiozero.pins.mock, paho.mqtt.client, msgspec, sqlite3"
PAYLOAD = bytes(220)
Picture = Callable[[float], tuple[Rgb, ...]]


def measure(folder: Path) -> Iterator[Figure]:
    """One room unit, with the server in this process so that its desk can be worked."""
    yield from _frames()
    with LivePlace(folder, 1) as place:
        unit_folder = place.add_unit(ROOM, "room", room=ROOM).folder
        unit = Program("tests.performance.room", str(unit_folder / "unit.toml"), log=folder / "room.log")
        place.broker.start()
        server = Server(place.site)
        server.start()
        try:
            unit.start()
            unit.wait_for("lit")
            yield from _turns(unit)
            yield from _desk(place, server, unit, folder)
            yield from _rest(server, unit)
        finally:
            unit.kill()
            server.stop()


def _frames() -> Iterator[Figure]:
    """The dearest of all pictures of a room, with what the driver makes of it; the driver's own share is the floor."""
    pictures = list(_pictures())
    ours = {name: _timed(partial(_driven, shown)) for name, shown in pictures}
    still = frame(Room(7, SEATS, DEFAULT_USES[1]), 3.0)
    floor = p99(_timed(lambda now_s: wire(drives(still, 0.4, 300))))
    dearest = max(ours, key=lambda name: p99(ours[name]))
    yield figure(f"a frame ({dearest}), p99", p99(ours[dearest]), "ms", floor=floor, beside="its driver alone", most=1)


def _driven(picture: Picture, now_s: float) -> bytes:
    return wire(drives(picture(now_s), 0.4, 300))


def _room_at(use: Use, now_s: float) -> tuple[Rgb, ...]:
    return frame(Room(7, SEATS, use), now_s % 1.8)


def _pictures() -> Iterator[tuple[str, Picture]]:
    for use in DEFAULT_USES:
        yield use.name, partial(_room_at, use)
    yield "over the seats", lambda now_s: frame(Room(13, SEATS, DEFAULT_USES[1]), now_s)
    everything = RoomSigns(silent=True, reservation=Reservation.UNCLAIMED, touched_s=0.0)
    yield "all marks", lambda now_s: frame(Room(7, SEATS, DEFAULT_USES[1]), now_s % 1.2, everything)
    yield "identify", lambda now_s: frame(Room(7, SEATS, DEFAULT_USES[1]), now_s % 30, RoomSigns(identify_s=0.0))


def _timed(work: Callable[[float], object]) -> list[float]:
    found = []
    for nth in range(FRAMES):
        began_s = time.perf_counter()
        work(nth / 60)
        found.append((time.perf_counter() - began_s) * 1000)
    return found


def _turns(unit: Program) -> Iterator[Figure]:
    unit.order(f"turns {TURNS}")
    while len(_told(unit, "turned")) < TURNS:
        time.sleep(0.1)
    turned, floor = _told(unit, "turned"), _told(unit, "floor")
    name, beside = "dial → first frame", "a queue, a thread, the bus"
    yield figure(f"{name}, p50", p50(turned), "ms", floor=p50(floor), beside=beside)
    yield figure(f"{name}, p99", p99(turned), "ms", floor=p99(floor), beside=beside, most=30)


def _told(unit: Program, word: str) -> list[float]:
    return [float(told.line.split()[1]) for told in list(unit.told) if told.line.startswith(f"{word} ")]


def _desk(place: LivePlace, server: Server, unit: Program, folder: Path) -> Iterator[Figure]:
    echo, packet = RawClient(place.broker.port, "bare", ["bare"]), publish_packet("bare", PAYLOAD)
    ours, floors = [], []
    for nth in range(SETTINGS):
        ours.append(_followed_ms(server, unit, people=1 + nth % (SEATS - 1)))
        time.sleep(PAUSE_S)
    time.sleep(QUIET_S)
    with closing(bare_books(str(folder / "bare.db"))) as bare, standing_still(unit):
        for _ in range(SETTINGS):
            began_s = time.perf_counter()
            commit(bare, PAYLOAD)
            echo.send(packet)
            echo.publications()
            floors.append((time.perf_counter() - began_s) * 1000)
    name, beside = "desk → ring, through the broker", "a commit, a bare round trip"
    yield figure(f"{name}, p50", p50(ours), "ms", floor=p50(floors), beside=beside)
    yield figure(f"{name}, p99", p99(ours), "ms", floor=p99(floors), beside=beside, most=200)


def _followed_ms(server: Server, unit: Program, people: int) -> float:
    """From the desk's order to the frame that shows it."""
    mark, began_s = len(unit.told), time.clock_gettime(time.CLOCK_BOOTTIME)
    _set(server, people, "free")
    shown = unit.wait_for(f"lit {2 * people} ", after=mark)
    return (float(shown.line.split()[2]) - began_s) * 1000


def _set(server: Server, people: int, use: str) -> None:
    server.writer.order(
        lambda work: server.rooms.set_by_desk(work.db, ROOM, use, people, operator="Marie", now=work.now)
    )


def _rest(server: Server, unit: Program) -> Iterator[Figure]:
    """A room in use, whose ring makes its gesture every 6 s, and one that is free, whose dot breathes."""
    process = psutil.Process(unit.pid)
    command = [sys.executable, "-c", f"{LIBRARIES}; print('here', flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as libraries:
        assert libraries.stdout is not None
        libraries.stdout.readline()
        floor = psutil.Process(libraries.pid).memory_info().rss
        libraries.communicate(b"\n")
    memory = process.memory_info().rss
    yield figure("memory of a room unit", memory / MIB, "MiB", floor=floor / MIB, beside="its libraries", most=40)
    for name, people, use in (("in use", 5, "focus"), ("free and empty", 0, "free")):
        _set(server, people, use)
        yield figure(f"a room at rest, {name}", _share(process), "% of a core", most=1)


def _share(process: psutil.Process) -> float:
    time.sleep(2)
    before, began_s = process.cpu_times(), time.monotonic()
    time.sleep(REST_S)
    after = process.cpu_times()
    spent_s = after.user + after.system - before.user - before.system
    return spent_s / (time.monotonic() - began_s) * 100
