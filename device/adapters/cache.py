"""What the server last said, in files that survive a power cut: each is written whole beside the old one, synced, and
put in its place; the one before it is kept, for the day the disk rots. A thread writes, so that a list of megabytes on
a slow card keeps nobody waiting at the door, and goes on trying while the disk is full."""

import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from zlib import crc32

from device.inbox import Kept, NotKept

log = logging.getLogger(__name__)

RETRY_S = 10.0
"""How often what could not be written is tried again."""
SUM = re.compile(rb"\n([0-9a-f]{8})")
"""What ends a file: the CRC-32 of its payload. A file without one, of an earlier version, is taken as it is."""


class Cache:
    """Named payloads in a folder; of several waiting for one name only the last is written.

    `tell` is called on the cache's own thread with each payload once it is on the disk, and with the name of each that
    could not be written. `sync` makes a file descriptor's content durable.
    """

    def __init__(
        self,
        folder: Path,
        tell: Callable[[Kept | NotKept], None],
        retry_s: float = RETRY_S,
        sync: Callable[[int], None] = os.fsync,
    ) -> None:
        self._folder, self._tell, self._retry_s, self._sync = folder, tell, retry_s, sync
        self._waiting: SimpleQueue[tuple[str, bytes] | None] = SimpleQueue()
        self._thread = Thread(target=self._write_all, name="cache", daemon=True)
        self._thread.start()

    def load(self, name: str) -> list[bytes]:
        """What was kept under `name`, the newest first; an empty payload for what cannot be read any more."""
        path = self._path(name)
        whole = [payload] if (payload := _read(path.with_suffix(".new"), sealed=True)) else []
        there = (each for each in (path, path.with_suffix(".former")) if each.exists())
        return whole + [_read(each) for each in there]

    def keep(self, name: str, payload: bytes) -> None:
        """Keeps `payload` under `name`, soon."""
        self._waiting.put((name, payload))

    def close(self) -> None:
        """Tries once more to write what waits, and ends."""
        self._waiting.put(None)
        self._thread.join(timeout=5)

    def _write_all(self) -> None:
        unwritten: dict[str, bytes] = {}
        going = True
        while going:
            going = self._take(unwritten)
            for name, payload in list(unwritten.items()):
                if self._write(name, payload):
                    del unwritten[name]
                    self._tell(Kept(name, payload))
                else:
                    self._tell(NotKept(name))

    def _take(self, unwritten: dict[str, bytes]) -> bool:
        """Waits until there is something to write, or to try again; False at the end."""
        try:
            item = self._waiting.get(timeout=self._retry_s if unwritten else None)
            while item is not None:
                unwritten[item[0]] = item[1]
                item = self._waiting.get_nowait()
        except Empty:
            return True
        return False

    def _write(self, name: str, payload: bytes) -> bool:
        path = self._path(name)
        new = path.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with new.open("wb") as file:
                file.write(payload + b"\n%08x" % crc32(payload))
                file.flush()
                self._sync(file.fileno())
            if _read(path):  # what is damaged is nothing to fall back on
                former = path.with_suffix(".former")
                former.unlink(missing_ok=True)
                former.hardlink_to(path)
            new.replace(path)
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                self._sync(folder)  # the renaming itself must reach the disk
            finally:
                os.close(folder)
        except OSError as error:
            log.warning("cache not written name=%s error=%s", name, error)
            return False
        return True

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _read(path: Path, *, sealed: bool = False) -> bytes:
    """The payload of a file, empty where it is not as it was written; `sealed`: it must have its sum."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        log.warning("cache unreadable file=%s error=%s", path.name, error)
        return b""
    found = SUM.fullmatch(content[-9:])
    if found is None:
        return b"" if sealed else content
    payload = content[:-9]
    if crc32(payload) == int(found[1], 16):
        return payload
    log.warning("cache damaged file=%s", path.name)
    return b""
