"""What a door does all day: a badge, the button, a door forced, the ring."""

import time

from tests.card.place import BADGE, CONTACT, REX
from tests.card.step import step
from tests.card.world import SLOW_S, Pulse, World

RELEASE_S = 5.0
ROUGHLY_S = 0.5
"""How far a pulse of an emulated machine on a busy host may be off."""


@step("tap", "a keyed badge on the emulated PN532 at the real UART opens the door, and the server hears of it once")
def tap(world: World) -> str:
    since = world.place.newest()
    pulse = world.tap()
    assert abs(pulse.down_s - pulse.up_s - RELEASE_S) < ROUGHLY_S, pulse
    event = world.place.wait_for_event("access", since, SLOW_S, credential=BADGE)
    assert event["decision"] == "granted", event
    assert world.taps_kept(since) == 1
    return f"{pulse}; the server has its event once"


@step("rex", "the exit button opens")
def rex(world: World) -> str:
    machine = world.machine
    time.sleep(RELEASE_S)
    since_s = machine.press(REX, 0, 0.4)
    up_s = world.released(since_s)
    return str(Pulse(up_s - since_s, up_s, world.secured(up_s)))


@step("forced", "a door that is opened without a release is told at the server as forced, and shut again it is over")
def forced(world: World) -> str:
    machine, since = world.machine, world.place.newest()
    time.sleep(RELEASE_S)
    since_s = time.monotonic()
    machine.lines.set(CONTACT, 1)
    try:
        world.place.wait_for_event("alarm", since, SLOW_S, alarm="forced", active=True)
        told_s = time.monotonic() - since_s
    finally:
        machine.lines.set(CONTACT, 0)
    world.place.wait_for_event("alarm", since, SLOW_S, alarm="forced", active=False)
    return f"at the server after {told_s:.1f} s"


@step("ring", "the ring's pictures, put together from the bits on clock and data")
def ring(world: World) -> str:
    machine = world.machine
    before = len(machine.ring.pictures)
    world.tap()
    pictures = machine.ring.pictures[before:]
    lit = [led for picture in pictures for led in picture if led.red + led.green + led.blue]
    assert len(pictures) > 5 and lit, f"{len(pictures)} pictures"
    green = sum(1 for led in lit if led.green > led.red and led.green > led.blue)
    assert green, "no green light at a tap that was granted"
    return f"{len(pictures)} pictures of 12 LEDs during a tap, {green} lights of them green"
