"""The strike's own pin on the pin controller of a Pi 3, which QEMU has: GPIO 17, seen in the controller's register."""

import gzip
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from tests.card.gpio_lines import Edge
from tests.card.machine import Machine
from tests.card.roots import ROOT
from tests.card.step import step
from tests.card.world import SLOW_S, World

FUNCTIONS, LEVELS = 0x3F200004, 0x3F200034
"""GPFSEL1 and GPLEV0 of the BCM2837 (BCM2835 ARM Peripherals, 6.1)."""
STRIKE = 17
OUTPUT = 0b001
"""What GPFSEL1 says of it in three bits; QEMU keeps the level of a pin that is an output no more."""
LOOK_S = 0.02
FILES = {
    "start.py": ROOT / "tests/card/guest/strike17.py",
    "strike_driver.py": ROOT / "device/adapters/strike_driver.py",
    "secure-strike": ROOT / "firmware-config/systemd/secure-strike",
}
PULSE_S, ROUGHLY_S = 5.0, 0.6


STRICT = "pinctrl_bcm2835.persist_gpio_outputs=n"
"""What `dtparam=strict_gpiod` of our boot lines gives the kernel."""
LOOSE = "pinctrl_bcm2835.persist_gpio_outputs=y"
"""What the kernel of Raspberry Pi OS does without it, and Debian's does not."""


@step(
    "pin",
    "raspi3b: the strike's driver on GPIO 17 of the real pinctrl-bcm2835: a pulse, the unit dies, all is killed",
    apart=True,
)
def pin(world: World) -> str:
    return f"with strict_gpiod: {_run(world, STRICT, falls=True)}; without: {_run(world, LOOSE, falls=False)}"


def _run(world: World, kernel_words: str, *, falls: bool) -> str:
    folder = world.folder / "pin"
    folder.mkdir(exist_ok=True)
    base = world.root.folder
    initrd = folder / "initrd.img"
    initrd.write_bytes((base / "pin.img").read_bytes() + gzip.compress(_archive()))
    words = ["qemu-system-aarch64", "-M", "raspi3b", "-kernel", str(world.root.kernel), "-initrd", str(initrd)]
    words += ["-dtb", str(base / "bcm2837-rpi-3-b.dtb"), "-append", f"console=ttyAMA0,115200 quiet {kernel_words}"]
    machine = world.has(Machine(folder, words, ("-serial", "chardev:console")))
    try:
        return _seen(machine, falls=falls)
    finally:
        machine.cut_power()


def _seen(machine: Machine, *, falls: bool) -> str:
    console, watch = machine.console, Watch(machine)
    console.until("@ driver ready")
    boot_s = time.monotonic() - machine.began_s
    assert not watch.edges, f"the pin was high before: {watch.edges}"
    console.until("@ ended overdue")
    console.until("@ unit-dies")
    up, down = watch.edges[:2]
    assert abs(down.at_s - up.at_s - PULSE_S) < ROUGHLY_S, watch.edges
    console.until("@ driver ready")
    assert [edge.level for edge in watch.edges[2:4]] == [1, 0], watch.edges
    console.until("@ secure-strike")
    assert watch.edges[-1].level == (0 if falls else 1), watch.edges
    console.until("@ end 0", SLOW_S)
    watch.end()
    assert watch.edges[-1].level == 0, watch.edges
    return (
        f"ready after {boot_s:.0f} s without an edge; high for {down.at_s - up.at_s:.1f} s; low when its unit died;"
        f" when all was killed {'low at once' if falls else 'high until secure-strike'}"
    )


class Watch:
    """Looks at the pin again and again from a thread, and keeps its edges: high is an output that is high."""

    def __init__(self, machine: Machine) -> None:
        self.edges: list[Edge] = []
        self._machine, self._ended = machine, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Looks no more."""
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        with suppress(OSError):  # the machine is gone
            self._watch()

    def _watch(self) -> None:
        level = 0
        while not self._ended.wait(LOOK_S) and self._machine.is_on:
            is_output = self._word(FUNCTIONS) >> 3 * (STRIKE - 10) & 0b111 == OUTPUT
            now = int(is_output and self._word(LEVELS) >> STRIKE & 1)
            if now != level:
                self.edges.append(Edge(time.monotonic(), STRIKE, now))
                level = now

    def _word(self, address: int) -> int:
        told: str = self._machine.qmp("human-monitor-command", **{"command-line": f"xp /1wx {address:#x}"})
        return int(told.split(":")[1], 16)


def _archive() -> bytes:
    """What the machine runs, as a cpio that the kernel puts over its initramfs."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "poincon"
        folder.mkdir()
        for name, source in FILES.items():
            (folder / name).write_bytes(source.read_bytes())
        (folder / "unit.toml").write_text(f"[pins]\nstrike = {STRIKE}\n")
        names = "\n".join(["poincon", *(f"poincon/{name}" for name in (*FILES, "unit.toml"))])
        done = subprocess.run(
            ["cpio", "-o", "-H", "newc", "--quiet"], cwd=scratch, input=names.encode(), capture_output=True, check=True
        )
        return done.stdout
