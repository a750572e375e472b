"""The first start is cut again and again."""

import os
import time
from contextlib import suppress

from tests.card.console import Gone
from tests.card.disks import file_on
from tests.card.machine import BOOT_S
from tests.card.step import step
from tests.card.steps.first_start import DONE, INSTALL_S, JOURNAL, blank_card, keep, switched_on
from tests.card.world import SLOW_S, World
from tests.patience import wait_until

CUTS = int(os.environ.get("CUTS", "10"))
LONGEST_S = 120.0
BEGUN = "Step 1 of 4"


@step(
    "cuts",
    "the first start is cut at ten random moments: the next power-on goes on, and the door opens at the end",
    apart=True,
)
def cuts(world: World) -> str:
    world.off()
    blank_card(world)
    after = []
    for _ in range(CUTS):
        machine = switched_on(world, "cuts")
        try:
            machine.console.until(BEGUN, BOOT_S)
            after.append(world.random.uniform(0, LONGEST_S))
            time.sleep(after[-1])
            if _is_done(world):
                break
        finally:
            machine.cut_power()
    _to_its_end(world)
    keep(world)
    pulse = world.tap()
    return f"cut {', '.join(f'{each:.0f}' for each in after)} s after its first step; then {pulse}"


def _to_its_end(world: World) -> None:
    """Nobody cuts it any more. Where it changed boot lines in this very start it restarts, and goes off here; where an
    earlier one had changed them, its unit runs at once.
    """
    machine = switched_on(world, "cuts")
    try:
        wait_until(lambda: _is_done(world) or not machine.is_on, patience_s=INSTALL_S)
        with suppress(Gone):
            machine.boot()
            machine.console.ask("until systemctl is-active -q poincon-unit; do sleep 1; done; sync", SLOW_S)
    finally:
        machine.cut_power()


def _is_done(world: World) -> bool:
    return DONE in file_on(world.folder / "first.img", JOURNAL)
