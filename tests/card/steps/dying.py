"""The program dies or hangs with the strike released."""

import time

from tests.card.place import STRIKE
from tests.card.step import step
from tests.card.world import SLOW_S, Pulse, World

WITHIN_S = 1.0
"""What the strike may stay released after the program was killed."""
ALLOWANCE_S = 2.0
"""Added to that under emulation, on a host that is shared."""
STARTS_S = 12.0
"""Added where programs must start first, which takes twenty times longer than on a Pi: systemctl, a shell, Python."""


@step("kill", "the program is killed (SIGKILL) with the strike high: low within 1 s")
def kill(world: World) -> str:
    return _killed(world, f"kill -9 {world.pid()}")


@step("kill-all", "all its processes at once are killed, the strike's driver among them: low by the service manager")
def kill_all(world: World) -> str:
    return _killed(world, "systemctl kill -s KILL poincon-unit", ", by ExecStopPost", STARTS_S)


@step("cannot-start", "a program that cannot start at all, after it died with the strike high: low all the same")
def cannot_start(world: World) -> str:
    program = "/opt/poincon/bin/poincon-unit"
    world.console.ask(
        f"real=$(readlink -f {program}); cp $real /root/kept; pid=$(systemctl show poincon-unit -p MainPID --value)"
    )
    try:
        return _killed(world, "rm $real; kill -9 $pid", back=False)
    finally:
        world.console.ask("install -m 755 /root/kept $real; systemctl restart poincon-unit")
        world.wait_ready()


@step(
    "hang", "the program hangs (SIGSTOP) with the strike high: low at the end of its pulse, restarted by the watchdog"
)
def hang(world: World) -> str:
    pid = world.pid()
    since_s = world.lay()
    up_s = world.released(since_s)
    world.console.send(f"kill -STOP {pid}")
    down_s = world.secured(up_s)
    world.machine.reader.lift()
    began_s = time.monotonic()
    world.console.ask(f"while [ $(systemctl show poincon-unit -p MainPID --value) = {pid} ]; do sleep 1; done", SLOW_S)
    killed_s = time.monotonic() - began_s
    world.wait_ready()
    back_s = time.monotonic() - began_s
    log = world.console.ask("journalctl -u poincon-unit --no-pager -o cat | grep -i watchdog | tail -n 1")
    assert "atchdog" in log, log
    pulse = Pulse(up_s - since_s, up_s, down_s)
    return f"{pulse}; ended by the watchdog after {killed_s:.0f} s, back after {back_s:.0f} s"


def _killed(world: World, command: str, told: str = "", allowance_s: float = ALLOWANCE_S, *, back: bool = True) -> str:
    world.released(world.lay())
    began_s = time.monotonic()
    world.console.send(command)
    low_s = world.secured(began_s) - began_s
    world.machine.reader.lift()
    assert world.machine.lines.level[STRIKE] == 0
    world.console.ask("true")
    if back:
        world.wait_ready()
    assert low_s <= WITHIN_S + allowance_s, f"low {low_s:.2f} s after it"
    return f"low {low_s:.2f} s after the order to kill{told}"
