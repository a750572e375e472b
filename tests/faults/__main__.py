"""`make faults`: every campaign, long. The seed is printed; `SEED=` repeats it, `--only NAME` runs one campaign."""

import logging
import os
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import click

from tests.faults.any_bytes import any_bytes_campaign
from tests.faults.clocks import clocks_campaign
from tests.faults.crash import crash_campaign
from tests.faults.hang import RELEASE_S, hang_campaign
from tests.faults.lock import DONE, NOTHING, lock_campaign
from tests.faults.power_cut import books_campaign, outbox_campaign
from tests.faults.rot import rot_campaign
from tests.faults.rot_books import rot_books_campaign
from tests.faults.told_late import told_late_campaign
from tests.live_place import LivePlace
from tests.simulated_unit import SimulatedUnit

KILLS = 200
MESSAGES = 20_000
WALKS, DEEDS, WEEKS = 200, 150, 200
PULSES = 300
STARTS = 200
POWER_ROUNDS, RECORDS, BATCHES = 10, 500, 100
ROT_ROUNDS = 150
COMMANDS = 300


def crash(folder: Path, seed: int) -> str:
    with LivePlace(folder) as place:
        events = crash_campaign(place, KILLS, seed)
    return f"{KILLS} kills, {events} events, each kept once and in order"


def power_cut(folder: Path, seed: int) -> str:
    source, cuts = random.Random(seed), 0
    for name, campaign, length in (("outbox", outbox_campaign, RECORDS), ("books", books_campaign, BATCHES)):
        for nth in range(POWER_ROUNDS):
            (folder / f"{name}-{nth}").mkdir()
            tally = campaign(folder / f"{name}-{nth}", length, source)
            assert tally.losses == 0, (
                f"{name}: something promised was missing after {tally.losses} of {tally.cuts} cuts"
            )
            cuts += tally.cuts
    return f"{cuts} power cuts, nothing that was promised is missing"


def hang(folder: Path, seed: int) -> str:
    unit = SimulatedUnit(folder, release_s=RELEASE_S)
    try:
        befallen = hang_campaign(unit, PULSES, random.Random(seed))
    finally:
        unit.kill()
    return f"{PULSES} pulses, {_listed(befallen)}; secured each time, and opened again"


def rot(folder: Path, seed: int) -> str:
    with LivePlace(folder) as place:
        befallen = rot_campaign(place, STARTS, random.Random(seed))
    return f"{STARTS} starts of a door after its disk rotted, {_listed(befallen)}; it opened each time"


def _listed(befallen: dict[str, int]) -> str:
    return ", ".join(f"{what} {times}" for what, times in befallen.items())


def any_bytes(folder: Path, seed: int) -> str:
    with LivePlace(folder) as place:
        set_aside = any_bytes_campaign(place, MESSAGES, seed)
    return f"{MESSAGES} messages of any bytes, {set_aside} set aside, nothing crashed"


def clocks(folder: Path, seed: int) -> str:
    logging.disable(logging.WARNING)  # dropped orders and alarms are what it is made of
    try:
        deeds = clocks_campaign(folder, WALKS, DEEDS, seed)
        wild = told_late_campaign(folder, WEEKS, seed)
    finally:
        logging.disable(logging.NOTSET)
    return f"{deeds} deeds under any clock at {WALKS} doors, {WEEKS} weeks told under any clock, {wild} times set aside"


def rot_books(folder: Path, seed: int) -> str:
    tally = rot_books_campaign(folder, ROT_ROUNDS, seed)
    return (
        f"{tally.rounds} places of the books spoilt: {tally.refused} refused at the start, {tally.told} told,"
        f" {tally.harmless} met by nobody; nothing acknowledged that is not in the journal"
    )


def lock(folder: Path, seed: int) -> str:
    said = lock_campaign(folder, COMMANDS, seed)
    return f"{len(said.of)} orders, {said.count(DONE)} done, {said.count(NOTHING)} not, each as it was said"


CAMPAIGNS: dict[str, Callable[[Path, int], str]] = {
    "clocks": clocks,
    "power-cut": power_cut,
    "hang": hang,
    "rot": rot,
    "rot-books": rot_books,
    "lock": lock,
    "any-bytes": any_bytes,
    "crash": crash,
}


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(CAMPAIGNS)), help="Just this campaign.")
def main(only: tuple[str, ...]) -> None:
    """Unit, server and broker killed, power cut, any bytes on any topic, clocks astray; some ten minutes in all."""
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    click.echo(f"SEED={seed}")
    failed = [name for name in only or CAMPAIGNS if not _passes(name, seed)]
    click.echo(f"{len(only or CAMPAIGNS) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


def _passes(name: str, seed: int) -> bool:
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="poincon-faults-") as folder:
        try:
            found, passes = CAMPAIGNS[name](Path(folder), seed), True
        except (AssertionError, TimeoutError) as fault:
            traceback.print_exc()
            found, passes = f"FAILED: {fault}", False
    click.echo(f"{name}: {found} ({time.monotonic() - began_s:.0f} s)")
    return passes


if __name__ == "__main__":
    main()
