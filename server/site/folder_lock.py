"""One server a folder: two would both answer the units, and each undo what the other publishes.

Commands of one go need no lock, the books' own transactions keep them apart; nor does `restore`, whose folder is empty.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.errors import Refusal

FILE_NAME = ".serving"
"""Hidden, so that no backup takes it along. It stays behind: what counts is who holds it, and that ends with a process.
"""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Holds the folder while the block lasts; raises `Refusal` where another process does."""
    descriptor = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            process = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "?"
            raise Refusal(
                "server_runs_already",
                folder=folder.absolute(),
                process=process,
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
