"""What QEMU's `blklogwrites` wrote down of a disk: every write in its order, and every flush (dm-log-writes' format).

By it the disk is what it would be had the power been cut right after any flush, on a card whose cache was lost.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MAGIC = 0x6A736677736872
SUPER, ENTRY = "<QQQI", "<QQQQ"
SECTOR = 512
FLUSH, FUA, DISCARD = 1, 2, 4


class Write(NamedTuple):
    """`data` goes to byte `at`; `flushes` says that all before it is on the disk for good. A discard has no data."""

    at: int
    data: bytes
    length: int
    flushes: bool


def writes(log: Path) -> Iterator[Write]:
    """Every entry, oldest first; raises `ValueError` where it is no such log."""
    with log.open("rb") as file:
        magic, version, entries, sector = struct.unpack(SUPER, file.read(struct.calcsize(SUPER)))
        if (magic, version) != (MAGIC, 1):
            raise ValueError(f"{log} is no write log")
        file.seek(sector)
        for _ in range(entries):
            head = file.read(sector)
            at, count, flags, _size = struct.unpack(ENTRY, head[: struct.calcsize(ENTRY)])
            length = count * sector
            data = b"" if flags & DISCARD else file.read(length)
            yield Write(at * sector, data, length, bool(flags & (FLUSH | FUA)))


def after_each_flush(disk: bytearray, log: Path) -> Iterator[bytes]:
    """The disk, which begins as `disk` and is changed, as it stands for good at each flush.

    A flush comes before the write of its own entry: what is written between it and the next one may be lost.
    """
    for write in writes(log):
        if write.flushes:
            yield bytes(disk)
        disk[write.at : write.at + write.length] = write.data or bytes(write.length)
