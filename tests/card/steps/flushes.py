"""A card whose cache is lost at a power cut: its writes are written down and looked at as they stood at flushes."""

import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from tests.card.step import step
from tests.card.steps.partition import with_partition
from tests.card.world import World
from tests.card.write_log import after_each_flush

LOOKS = 24
LOG_MIB = 512
TAPS = 3


@step("flushes", "what was not flushed is lost at a power cut: the outbox is whole at every flush, and only grows")
def flushes(world: World) -> str:
    with_partition(world)
    world.off()
    disk, before, log = (world.folder / name for name in ("data.img", "data-before.img", "data.log"))
    shutil.copyfile(disk, before)
    with log.open("wb") as file:
        file.truncate(LOG_MIB << 20)
    world.more = _logged(disk, log)
    world.power_on()
    world.wait_ready()
    since = world.place.newest()
    for _ in range(TAPS):
        world.tap()
    world.off()
    world.renew()
    states = list(after_each_flush(bytearray(before.read_bytes()), log))
    seen = [_newest(state) for state in _some(states, world)]
    assert seen == sorted(seen), seen
    kept = world.taps_kept(since)
    return (
        f"{len(states)} flushes during a boot and {TAPS} taps, {len(seen)} of them looked at: whole, newest event"
        f" {seen[0]} to {seen[-1]}; {kept} of the taps were at the server before the cut"
    )


def _logged(disk: Path, log: Path) -> list[str]:
    return [
        *("-blockdev", f"driver=file,node-name=disk-file,filename={disk}"),
        *("-blockdev", "driver=raw,node-name=disk-raw,file=disk-file"),
        *("-blockdev", f"driver=file,node-name=log-file,filename={log}"),
        *("-blockdev", "driver=raw,node-name=log-raw,file=log-file"),
        *("-blockdev", "driver=blklogwrites,node-name=data,file=disk-raw,log=log-raw,log-super-update-interval=1"),
        *("-device", "virtio-blk-pci,drive=data"),
    ]


def _some(states: list[bytes], world: World) -> list[bytes]:
    """A sample in its order, the last one among them."""
    chosen = {*world.random.sample(range(len(states)), min(LOOKS, len(states))), len(states) - 1}
    return [states[nth] for nth in sorted(chosen)]


def _newest(state: bytes) -> int:
    """The newest sequence in the outbox of a disk after its file system's own repair; raises `AssertionError`."""
    with tempfile.TemporaryDirectory() as scratch:
        image = Path(scratch) / "image"
        image.write_bytes(state)
        repaired = subprocess.run(["e2fsck", "-fy", str(image)], capture_output=True, text=True)
        assert repaired.returncode in (0, 1), repaired.stdout[-500:]
        for name in ("outbox.db", "outbox.db-wal"):
            subprocess.run(["debugfs", "-R", f"dump /data/{name} {scratch}/{name}", str(image)], capture_output=True)
        if not (Path(scratch) / "outbox.db").exists():
            return 0
        with sqlite3.connect(Path(scratch) / "outbox.db") as outbox:
            assert outbox.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return int(outbox.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])
