"""The partition that keeps the outbox fails."""

from pathlib import Path

from tests.card.disks import data_partition
from tests.card.place import BADGE
from tests.card.step import step
from tests.card.world import SLOW_S, World

DATA_MIB = 24
FOLDER = "/var/lib/poincon-unit"


@step("data-dead", "the data partition is dead: the door starts without it, and opens")
def data_dead(world: World) -> str:
    disk = _with_partition(world)
    world.off()
    disk.write_bytes(bytes(DATA_MIB << 20))  # nothing that could be mounted
    return _opens(world, disk)


@step("data-full", "the data partition is full: the door opens, and the tap reaches the server once")
def data_full(world: World) -> str:
    disk = _with_partition(world)
    world.off()
    world.power_on(disk)
    world.wait_ready()
    world.console.run(f"dd if=/dev/zero of={FOLDER}/ballast bs=64k; sync")
    told = _tap_is_kept(world)
    left = world.console.ask(f"df --output=avail {FOLDER} | tail -n 1")
    world.off()
    return f"{left.strip()} KiB free; {told}"


@step(
    "data-read-only",
    "the data partition turns read-only under the program: the door opens, and the tap reaches the server",
)
def data_read_only(world: World) -> str:
    disk = _with_partition(world)
    world.off()
    world.power_on(disk)
    world.wait_ready()
    world.console.ask(f"mount -o remount,ro {FOLDER} || echo u >/proc/sysrq-trigger")
    told = _tap_is_kept(world)
    world.off()
    return told


def _with_partition(world: World) -> Path:
    """A card with a partition for the unit's memory, as its README has it, its files copied there."""
    disk = world.folder / "data.img"
    data_partition(disk, DATA_MIB)
    world.off()
    world.renew()
    machine, _ = world.power_on(disk)
    line = f"LABEL=poincon {FOLDER} ext4 defaults,noatime,commit=5,nofail 0 2"
    machine.console.ask(
        f"systemctl stop poincon-unit; echo '{line}' >>/etc/fstab; mount /dev/vdc /mnt && cp -a {FOLDER}/. /mnt/"
        f" && chown --reference={FOLDER} /mnt && chmod --reference={FOLDER} /mnt && umount /mnt && sync"
    )
    return disk


def _opens(world: World, disk: Path) -> str:
    _, boot_s = world.power_on(disk)
    world.wait_ready()
    mounted = world.console.run(f"findmnt -n {FOLDER}")
    assert mounted.status != 0, mounted.text
    told = _tap_is_kept(world)
    world.off()
    return f"boot {boot_s:.0f} s; {told}"


def _tap_is_kept(world: World) -> str:
    since = world.place.newest()
    pulse = world.tap()
    world.place.wait_for_event("access", since, SLOW_S, credential=BADGE)
    assert world.taps_kept(since) == 1
    return f"{pulse}; the tap once at the server"
