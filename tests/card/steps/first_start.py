"""From the card to a unit that runs: the first start does its work in the machine, not the test."""

import os
import shutil
import subprocess
import sys
import time
from functools import cache

from tests.card.disks import boot_partition, file_on, overlay
from tests.card.roots import KEPT, ROOT
from tests.card.step import step
from tests.card.unit_machine import UnitMachine
from tests.card.world import SLOW_S, World

RELEASE = KEPT / "release"
INSTALL_S = 3600.0
JOURNAL = "poincon/journal.txt"
DONE = "Step 4 of 4"
FLASHED = {
    "config.txt": "# For more options and information see\n# http://rptl.io/configtxt\ndtparam=audio=on\n[all]",
    "cmdline.txt": "console=serial0,115200 console=tty1 root=PARTUUID=0-02 rootfstype=ext4 fsck.repair=yes rootwait\n",
    "issue.txt": "Raspberry Pi reference 2025-12-04\nGenerated using pi-gen\n",
    "user-data": "#cloud-config\n",
}
"""What a flashed Raspberry Pi OS has there, as far as a card looks at it; the last line of config.txt lacks its end."""


@step(
    "first-start", "the real folder on a FAT partition: the first start installs the unit and restarts; `check` says ok"
)
def first_start(world: World) -> str:
    if world.again and world.installed.exists():
        began_s = time.monotonic()
        assert world.machine.is_on
        return f"installed before; the unit is up {time.monotonic() - began_s:.0f} s after power-on"
    blank_card(world)
    machine = switched_on(world, "unit")
    try:
        boot_s = machine.boot()
        machine.wait_off(INSTALL_S)  # it restarts, as its boot lines changed
    finally:
        machine.cut_power()
    installed_s = time.monotonic() - machine.began_s
    keep(world)
    machine, again_s = world.power_on()
    ready_s = world.wait_ready()
    return (
        f"shell {boot_s:.0f} s after power-on, installed and restarting after {installed_s:.0f} s;"
        f" next boot {again_s:.0f} s, unit ready {ready_s:.0f} s later; {_checked(world)}"
    )


def blank_card(world: World) -> None:
    """A fresh root, and a boot partition with the unit's card on it, as `poincon card unit --onto` writes it."""
    make_release()
    folder, unit = world.folder / "boot", world.folder / "unit-files"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in FLASHED.items():
        (folder / name).write_text(text)
    if not unit.exists():
        world.place.unit_folder(unit)
    world.place.command("card", "unit", "front", "--from", str(unit), "--onto", str(folder), "--release", str(RELEASE))
    overlay(world.folder / "root.qcow2", world.root.disk)
    boot_partition(world.folder / "first.img", folder)


@cache
def make_release() -> None:
    """The release of this tree, with its wheels: once, for all steps that install it."""
    words = ["sh", str(ROOT / "firmware-config/make-release"), str(RELEASE)]
    environment = {**os.environ, "PYTHON": sys.executable}
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


def switched_on(world: World, name: str) -> UnitMachine:
    """The card in a machine that is switched on, before it is done."""
    disks = [world.folder / "root.qcow2", world.folder / "first.img"]
    return world.has(UnitMachine(world.folder / name, world.root, disks, world.place))


def keep(world: World) -> None:
    """What the first start left becomes what every later machine begins with."""
    journal = file_on(world.folder / "first.img", JOURNAL)
    assert DONE in journal, journal[-1500:]
    assert not file_on(world.folder / "first.img", "poincon/unit/unit.key"), "the private key is still on the card"
    config = file_on(world.folder / "first.img", "config.txt")
    assert "dtparam=audio=on" in config.splitlines() and "dtparam=strict_gpiod" in config, config
    (world.folder / "root.qcow2").rename(world.installed)
    (world.folder / "first.img").rename(world.boot_partition)
    world.renew()


def _checked(world: World) -> str:
    """What `check` says, beside the running unit."""
    said = world.console.run("sudo -u poincon-unit poincon-unit check -c /var/lib/poincon-unit/unit.toml", SLOW_S)
    lines = [line for line in said.text.splitlines() if line.startswith(("ok", "WRONG", "  "))]
    wrong = [line for line in said.text.splitlines() if "WRONG" in line]
    assert said.status == 0 and not wrong, said.text
    return f"check: {len(lines)} lines, none wrong"
