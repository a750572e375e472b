"""`make card-test`: an emulated Pi from the card to the tap, and through what must not harm it, step by step.

The steps of the installed unit go one after the other; those with a machine of their own go beside them. Each step is
told with its time. The seed is printed; `SEED=` repeats it. Only root may make file systems.
"""

import importlib
import os
import random
import signal
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import NamedTuple

import click

from tests.card.console import Gone
from tests.card.roots import KEPT
from tests.card.step import STEPS, Step
from tests.card.world import World

FILES = ("first_start", "door", "dying", "power", "network", "partition", "flushes", "update", "pin", "server", "cuts")
"""Where the steps are, in their order."""
FIRST = "first-start"


class Result(NamedTuple):
    """What came of a step."""

    step: Step
    passed: bool
    told: str
    took_s: float


@click.command()
@click.option("--only", default="", help="These steps alone, with commas in between.")
@click.option("--skip", default="", help="All but these.")
@click.option("--again", is_flag=True, help="Go on with the card that an earlier run installed.")
@click.option("--table", is_flag=True, help="Print the results as a table of Markdown at the end.")
@click.option("--list", "listed", is_flag=True, help="List the steps and do nothing.")
def main(only: str, skip: str, again: bool, table: bool, listed: bool) -> None:
    """An emulated Pi, from the card to the tap."""
    for name in FILES:
        importlib.import_module(f"tests.card.steps.{name}")
    if listed:
        for each in STEPS.values():
            click.echo(f"{each.name}: {each.shows}")
        return
    if os.geteuid() != 0:
        raise click.UsageError("file systems are made: please run it as root")
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    click.echo(f"SEED={seed}")
    began_s = time.monotonic()
    results = run(chosen(only, skip, again=again), KEPT, seed, again=again)
    if table:
        click.echo("\n| step | what it shows | result | |\n| --- | --- | --- | --- |")
        for result in results:
            click.echo(row(result))
    failed = sum(1 for result in results if not result.passed)
    click.echo(f"{len(results) - failed} passed, {failed} failed in {(time.monotonic() - began_s) / 60:.0f} min")
    sys.exit(1 if failed else 0)


def chosen(only: str, skip: str, *, again: bool) -> list[Step]:
    """The steps to carry out; the first start comes before any that needs it. Raises `click.UsageError`."""
    wanted = [name for name in only.split(",") if name] or list(STEPS)
    unknown = [name for name in (*wanted, *filter(None, skip.split(","))) if name not in STEPS]
    if unknown:
        raise click.UsageError(f"no step {unknown[0]}; there are {', '.join(STEPS)}")
    wanted = [name for name in wanted if name not in skip.split(",")]
    if not again and any(not STEPS[name].is_apart for name in wanted):
        wanted = [FIRST, *wanted]
    return [each for name, each in STEPS.items() if name in wanted]


def run(steps: list[Step], folder: Path, seed: int, *, again: bool) -> list[Result]:
    """What came of each, in their order; `folder` is where their machines are."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(1))  # nothing is left running
    lanes = {"run": [each for each in steps if not each.is_apart], "apart": [each for each in steps if each.is_apart]}
    lanes = {name: lane for name, lane in lanes.items() if lane}
    stopping = Event()
    worlds: list[World] = []
    with ThreadPoolExecutor() as pool:
        try:
            for name in lanes:
                (folder / name).mkdir(parents=True, exist_ok=True)
                worlds.append(World(folder / name, seed, again=again))
            runs = [pool.submit(run_lane, *each, stopping) for each in zip(lanes.values(), worlds, strict=True)]
            results = [result for each in runs for result in each.result()]
        finally:
            stopping.set()
            for world in worlds:
                world.close()
    return sorted(results, key=lambda result: steps.index(result.step))


def run_lane(steps: list[Step], world: World, stopping: Event) -> list[Result]:
    """Carries them out one after the other; one that fails leaves the next a new machine."""
    results: list[Result] = []
    for each in steps:
        if stopping.is_set():
            break
        results.append(result := carried_out(each, world))
        click.echo(f"{'ok' if result.passed else 'FAILED'} {each.name} ({result.took_s:.0f} s): {result.told}")
        if not result.passed:
            world.off()
            if each.name == FIRST:
                break
    world.off()  # its ring alone keeps a core busy, which the other lane can use
    return results


def carried_out(each: Step, world: World) -> Result:
    """One step, whatever becomes of it."""
    began_s = time.monotonic()
    try:
        told, passed = each.run(world), True
    except (AssertionError, TimeoutError, OSError, Gone, RuntimeError, LookupError) as fault:
        traceback.print_exc()
        told, passed = str(fault) or type(fault).__name__, False
    return Result(each, passed, told, time.monotonic() - began_s)


def row(result: Result) -> str:
    """Of the table."""
    told = " ".join(result.told.split()).replace("|", "\\|")
    return f"| {result.step.name} | {result.step.shows} | {'ok' if result.passed else '**FAILED**'} | {told} |"


if __name__ == "__main__":
    main()
