"""The plug is pulled."""

import time

from tests.card.place import BADGE, STRIKE
from tests.card.step import step
from tests.card.world import SLOW_S, World

AFTER_S = 0.15


@step(
    "cut",
    "power cut 150 ms after the strike: outbox whole, the tap once at the server, strike low through the next boot",
)
def cut(world: World) -> str:
    since = world.place.newest()
    world.console.ask("sync")
    up_s = world.released(world.lay())
    time.sleep(max(0.0, up_s + AFTER_S - time.monotonic()))
    cut_s = time.monotonic() - up_s
    world.off()
    machine, boot_s = world.power_on()
    world.wait_ready()
    high = [edge for edge in machine.lines.of(STRIKE, since_s=machine.began_s) if edge.level]
    assert not high, f"the strike was high {high[0].at_s - machine.began_s:.1f} s after power-on"
    assert "ok" in world.outbox(), world.outbox()
    world.place.wait_for_event("access", since, SLOW_S, credential=BADGE)
    world.place.wait_for_event("started", since, SLOW_S)
    assert world.taps_kept(since) == 1
    pulse = world.tap()
    return (
        f"cut {1000 * cut_s:.0f} ms after the strike; no edge on its line in the boot of {boot_s:.0f} s; outbox ok;"
        f" the tap once at the server; then {pulse}"
    )
