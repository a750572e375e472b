"""The partition that keeps the outbox fails: it is full, turns read-only, or is dead."""

from tests.card.disks import data_partition, drive
from tests.card.place import BADGE
from tests.card.step import step
from tests.card.world import SLOW_S, World

DATA_MIB = 24
FOLDER = "/var/lib/poincon-unit"
FSTAB = f"LABEL=poincon {FOLDER} ext4 defaults,noatime,commit=5,nofail,x-systemd.device-timeout=120s 0 2"
"""As `firmware-config/read-only` writes it, which waits 10 s; disks come late under emulation."""
DEAD = "mount -o remount,rw / && sed -i s/device-timeout=120s/device-timeout=20s/ /etc/fstab && sync"
"""For one that never comes; the step before has left the root read-only."""

AWAY = "/run/data"
MOVE = f"""systemctl stop poincon-unit; echo '{FSTAB}' >>/etc/fstab
mkdir {AWAY} && mount /dev/vdc {AWAY} && cp -a {FOLDER}/. {AWAY}/ &&
chown --reference={FOLDER} {AWAY} && chmod --reference={FOLDER} {AWAY} && umount {AWAY} &&
systemctl daemon-reload && mount {FOLDER} && sync && systemctl start poincon-unit"""
"""Takes the unit's memory to its partition, and the unit up again."""


@step("data-full", "the data partition is full: the door opens, and the tap reaches the server once")
def data_full(world: World) -> str:
    with_partition(world)
    world.console.run(f"dd if=/dev/zero of={FOLDER}/ballast bs=64k; sync")
    left = world.console.ask(f"df --output=avail {FOLDER} | tail -n 1")
    told = tap_is_kept(world)
    world.console.ask(f"rm {FOLDER}/ballast; sync")
    return f"{left.strip()} KiB free; {told}"


@step("data-read-only", "the data partition turns read-only under the program: the door opens, and the tap is not lost")
def data_read_only(world: World) -> str:
    with_partition(world)
    world.console.ask("echo u >/proc/sysrq-trigger; sleep 2; ! touch /var/lib/poincon-unit/probe 2>/dev/null")
    return tap_is_kept(world)


@step("data-dead", "the data partition is dead: the door starts without it, and opens")
def data_dead(world: World) -> str:
    with_partition(world)
    disk = world.folder / "data.img"
    world.console.ask(DEAD)
    world.off()
    disk.write_bytes(bytes(DATA_MIB << 20))  # nothing that could be mounted
    _, boot_s = world.power_on()
    world.wait_ready()
    mounted = world.console.run(f"findmnt -n {FOLDER}")
    assert mounted.status != 0, mounted.text
    told = tap_is_kept(world)
    world.off()
    world.renew()
    return f"boot {boot_s:.0f} s; {told}"


def with_partition(world: World) -> None:
    """A machine that runs from a card with a partition for the unit's memory."""
    if world.more and world.is_on:
        return
    disk = world.folder / "data.img"
    data_partition(disk, DATA_MIB)
    world.off()
    world.renew()
    world.more = drive(disk, "data")
    machine, _ = world.power_on()
    machine.console.ask(MOVE)
    world.wait_ready()


def tap_is_kept(world: World) -> str:
    """A tap opens, and reaches the server once."""
    since = world.place.newest()
    pulse = world.tap()
    world.place.wait_for_event("access", since, SLOW_S, credential=BADGE)
    assert world.taps_kept(since) == 1
    return f"{pulse}; the tap once at the server"
