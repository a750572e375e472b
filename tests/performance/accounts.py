"""The members' books: passages charged with ten years behind them and with none, answers to taps, and `verify`."""

import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

from msgspec.structs import replace

from device.contract.channels import RECEIPT
from server.site.rules_in_force import house_of, note_settings
from server.site.settings import HoursSettings
from tests.contract_client import ContractUnit, now, tap
from tests.live_place import ROOT, SITE, LivePlace
from tests.performance.figures import Figure, figure, p50, p99
from tests.performance.raw_mqtt import run_flows
from tests.performance.traffic import PressUnit, standing_still
from tests.ten_years import Regulars, credential, live_through

UNITS, WINDOW, BURST, ROUNDS = 20, 200, 300, 7
TAPS, PEOPLE = 200, 76
YEARS = 10
MIB = 2**20


def measure(folder: Path) -> Iterator[Figure]:
    """The place on its first day and the one of ten years take turns; whose turn it is not stands still."""
    with LivePlace(folder / "new", 0) as new, LivePlace(folder / "old", 0) as old:
        visits = _lived(old, YEARS * 365)
        _lived(new, 0)
        yield from _verified(old, visits)
        presses = {place: _press(place) for place in (new, old)}
        rates: dict[LivePlace, list[float]] = {new: [], old: []}
        for _ in range(ROUNDS):
            for place, units in presses.items():
                flows = [unit.flow(BURST) for unit in units]
                with standing_still(*(other.server for other in presses if other is not place)):
                    rates[place].append(UNITS * BURST / run_flows(flows, WINDOW))
        first, later = median(rates[new]), median(rates[old])
        name = f"passages charged, {visits:,} visits behind"
        yield figure(name, later, "/s", floor=first, beside="on the first day", least_times=1 / 1.5)
        new.server.stop()
        yield from _answers(old)


def _lived(place: LivePlace, days: int) -> int:
    """Gives the place its people, and so many days of office hours behind them; the number of visits.

    From today on it is always open, so that the bench can be run at any time.
    """
    settings = replace(place.site.settings, hours=HoursSettings())
    with place.db() as db:
        db.execute("PRAGMA synchronous = OFF")
        note_settings(db, settings, now().date())
        house = house_of(db, settings)
        regulars = Regulars(db, house, settings, random.Random(1))
        today = house.day_of(now())
        first = today - timedelta(days=days + 1)
        regulars.settle_in(first, ("past", "taps", *(f"door-{nth}" for nth in range(UNITS))))
        count = live_through(regulars, first, today - timedelta(days=1), "past") if days else 0
        for _ in range(5):
            regulars.buy(now())  # until next to everybody has something to pay with
    return count


def _press(place: LivePlace) -> list[PressUnit]:
    place.start_server()
    with place.db() as db:
        badges = [row[0] for row in db.rows("SELECT credential FROM badges ORDER BY id")]
    return [PressUnit(place, f"door-{nth}", badges[nth::UNITS]) for nth in range(UNITS)]


def _verified(place: LivePlace, visits: int) -> Iterator[Figure]:
    """`poincon verify` as a process of its own."""
    began_s = time.monotonic()
    command = [sys.executable, "-m", "server", "-C", str(place.site.folder), "verify"]
    kib = 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            kib = _peak_kib(process.pid) or kib
            time.sleep(0.05)
    if process.returncode:
        raise RuntimeError("the books do not agree with the journal")
    yield figure(f"verify of {visits:,} visits", time.monotonic() - began_s, "s", most=60)
    yield figure(f"verify of {visits:,} visits, memory", kib * 1024 / MIB, "MiB", most=300)


def _peak_kib(pid: int) -> int:
    """The most it held so far. Not `ru_maxrss`: that begins with what the parent held when it was started."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) if found else 0


def _answers(place: LivePlace) -> Iterator[Figure]:
    """A granted tap sent, its receipt heard; each member's first one finds nothing of theirs in the server's memory."""
    place.restart_server()
    took: list[float] = []
    with ContractUnit(place.broker.port, SITE, "taps") as unit:
        for nth in range(TAPS):
            heard = len(unit.all(RECEIPT))
            began_s = time.perf_counter()
            unit.send(tap(credential(nth % PEOPLE + 1)))
            while len(unit.all(RECEIPT)) == heard:
                time.sleep(0.0002)
            took.append((time.perf_counter() - began_s) * 1000)
    for name, some in (("a member's first", took[:PEOPLE]), ("later ones", took[PEOPLE:])):
        yield figure(f"granted tap → receipt, {name}, p50", p50(some), "ms", most=20)
        yield figure(f"granted tap → receipt, {name}, p99", p99(some), "ms")
