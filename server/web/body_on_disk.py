"""A body that is too large for the memory goes into a file without a name: nothing is left of it, however it ends."""

import errno
import os
import shutil
import tempfile
from io import RawIOBase
from pathlib import Path
from typing import IO, Any


class BodyLost(Exception):
    """What was sent could not be kept; `failure` says why. No `OSError`: that would be taken for a client who left."""

    def __init__(self, failure: OSError) -> None:
        super().__init__(str(failure))
        self.failure = failure


class AnnouncedBody:
    """A body of `length` bytes on its way: it counts them, as waitress asks of a body, and keeps nothing."""

    error = None

    def __init__(self, length: int) -> None:
        self._left = length

    @property
    def completed(self) -> bool:
        """Whether all of it came."""
        return self._left <= 0

    def received(self, data: bytes) -> int:
        """How much of `data` is of it."""
        taken = min(len(data), self._left)
        self._left -= taken
        return taken


class BodyOnDisk(AnnouncedBody):
    """Takes a body of `length` bytes into a file of `folder`.

    Where that fails the rest is thrown away, since a browser shows the answer only once it has sent everything; who
    reads the body is then told why, by `BodyLost`.
    """

    def __init__(self, length: int, folder: Path) -> None:
        super().__init__(length)
        self._file: IO[bytes] | None = None
        self._failure: OSError | None = None
        try:
            if shutil.disk_usage(folder).free < length:  # told before an hour of sending, not after
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed with the request
        except OSError as failure:
            self._failure = failure

    def received(self, data: bytes) -> int:
        """How much of `data` is of it; that is written, as long as the disk takes it."""
        taken = super().received(data)
        if self._file is not None:
            try:
                self._file.write(data[:taken])
            except OSError as failure:
                self._fail(failure)
        return taken

    def getfile(self) -> Any:
        """What came, from its beginning; or what raises why it could not be kept."""
        if self._file is not None:
            try:
                self._file.seek(0)  # writes what still waits to be written
            except OSError as failure:
                self._fail(failure)
        return self._file if self._failure is None else _Lost(self._failure)

    def getbuf(self) -> "BodyOnDisk":
        """What is closed in the end."""
        return self

    def close(self) -> None:
        """Gives its place on the disk back."""
        self._fail(OSError(errno.EBADF, "closed"))

    def _fail(self, failure: OSError) -> None:
        self._failure = failure
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError:  # what still waited could not be written; the file is closed all the same
                return


class _Lost(RawIOBase):
    """A body that could not be kept."""

    def __init__(self, failure: OSError) -> None:
        super().__init__()
        self._failure = failure

    def readable(self) -> bool:
        """As a file; what is read fails."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Raises `BodyLost`."""
        raise BodyLost(self._failure)

    def readinto(self, buffer: Any) -> int:
        """Raises `BodyLost`."""
        raise BodyLost(self._failure)
