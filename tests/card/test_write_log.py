"""A disk as it stands for good at each flush, from QEMU's log of what was written to it."""

import struct

import pytest

from tests.card.write_log import DISCARD, ENTRY, FLUSH, MAGIC, SECTOR, SUPER, after_each_flush


def log_of(*entries):
    """Each of a sector, its flags and its data in sectors (a number of them for a discard)."""
    text = struct.pack(SUPER, MAGIC, 1, len(entries), SECTOR).ljust(SECTOR, b"\0")
    for sector, flags, data in entries:
        count = data if flags & DISCARD else len(data) // SECTOR
        text += struct.pack(ENTRY, sector, count, flags, 0).ljust(SECTOR, b"\0")
        text += b"" if flags & DISCARD else data
    return text


def sectors(letters):
    return b"".join(letter.encode() * SECTOR for letter in letters)


def states(tmp_path, disk, *entries):
    log = tmp_path / "log"
    log.write_bytes(log_of(*entries))
    return list(after_each_flush(bytearray(sectors(disk)), log))


def test_what_was_written_before_a_flush_stands_and_what_comes_after_is_lost(tmp_path):
    written = states(
        tmp_path,
        "....",
        (1, 0, sectors("a")),
        (0, FLUSH, b""),
        (2, 0, sectors("bc")),
        (0, FLUSH, b""),
        (0, 0, sectors("d")),
    )
    assert written == [sectors(".a.."), sectors(".abc")]


def test_a_discard_leaves_nothing_there(tmp_path):
    assert states(tmp_path, "abcd", (1, DISCARD, 2), (0, FLUSH, b"")) == [
        sectors("a") + bytes(2 * SECTOR) + sectors("d")
    ]


def test_another_file_is_no_write_log(tmp_path):
    (tmp_path / "log").write_bytes(bytes(4096))
    with pytest.raises(ValueError, match="no write log"):
        list(after_each_flush(bytearray(), tmp_path / "log"))
