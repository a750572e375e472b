"""What the server last said, in files that survive a power cut: each is written whole beside the old one, synced, and
put in its place. A thread writes, so that a list of megabytes on a slow card keeps nobody waiting at the door."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

log = logging.getLogger(__name__)


class Cache:
    """Named payloads in a folder; of several waiting for one name only the last is written.

    `tell` is called on the cache's own thread with what was written, or could not be.
    """

    def __init__(self, folder: Path, tell: Callable[[str, bytes], None]) -> None:
        self._folder, self._tell = folder, tell
        self._waiting: SimpleQueue[tuple[str, bytes] | None] = SimpleQueue()
        self._thread = Thread(target=self._write_all, name="cache", daemon=True)
        self._thread.start()

    def load(self, name: str) -> bytes | None:
        """What was last kept under `name`, or None."""
        try:
            return (self._folder / f"{name}.json").read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("cache unreadable name=%s error=%s", name, error)
            return None

    def keep(self, name: str, payload: bytes) -> None:
        """Keeps `payload` under `name`, soon."""
        self._waiting.put((name, payload))

    def close(self) -> None:
        """Writes what waits, and ends."""
        self._waiting.put(None)
        self._thread.join(timeout=5)

    def _write_all(self) -> None:
        going = True
        while going:
            latest: dict[str, bytes] = {}
            item = self._waiting.get()
            while True:
                if item is None:
                    going = False
                else:
                    latest[item[0]] = item[1]
                if self._waiting.empty():
                    break
                item = self._waiting.get()
            for name, payload in latest.items():
                self._write(name, payload)
                self._tell(name, payload)

    def _write(self, name: str, payload: bytes) -> None:
        path = self._folder / f"{name}.json"
        try:
            with path.with_suffix(".new").open("wb") as file:
                file.write(payload)
                file.flush()
                os.fsync(file.fileno())
            path.with_suffix(".new").replace(path)
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)  # the renaming itself must reach the disk
            finally:
                os.close(folder)
        except OSError as error:
            log.warning("cache not written name=%s error=%s", name, error)
