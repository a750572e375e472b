"""A disk that forgets: a VFS of SQLite whose files keep apart what was synced from what was only written.

When its power is cut, of what was not synced a random part is there: whole writes, none, or some of their sectors.
"""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, cast

import apsw

SECTOR = 512
"""What a disk writes whole, or not at all."""
CHECKPOINT_PAGES = 20
"""A write-ahead log goes into the database every so many pages, for more of what can go wrong then."""


class Write(NamedTuple):
    """Bytes written but not synced."""

    offset: int
    data: bytes


class Truncation(NamedTuple):
    """A new length, not synced."""

    length: int


Pending = Write | Truncation


class DiskFile:
    """One file, as `VFSFile` of apsw."""

    def __init__(self, operated: Callable[[], None], content: bytes = b"") -> None:
        self._operated = operated
        self._synced, self._seen = bytes(content), bytearray(content)
        self._pending: list[Pending] = []

    def after_cut(self, source: random.Random) -> bytes:
        """What is found on the disk when the power is back."""
        content = bytearray(self._synced)
        for pending in self._pending:
            for part in _surviving(pending, source):
                _apply(content, part)
        return bytes(content)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self._seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._change(Write(offset, bytes(data)))

    def xTruncate(self, length: int) -> None:  # noqa: N802
        self._change(Truncation(length))

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._operated()
        self._synced = bytes(self._seen)
        self._pending.clear()

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._seen)

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE  # as SQLite takes every disk to be

    def xLock(self, level: int) -> None:  # noqa: N802
        """There is one connection."""

    def xUnlock(self, level: int) -> None:  # noqa: N802
        """There is one connection."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, operation: int, pointer: int) -> bool:  # noqa: N802
        return False

    def xClose(self) -> None:  # noqa: N802
        """What was not synced may be lost all the same."""

    def _change(self, pending: Pending) -> None:
        self._operated()
        self._pending.append(pending)
        _apply(self._seen, pending)


class Cut(NamedTuple):
    """What is left of each file by a cut, and what had been promised to somebody before it."""

    files: dict[str, bytes]
    promised: Any

    def put_down(self, folder: Path) -> Path:
        """Writes the files where SQLite itself can read them."""
        folder.mkdir()
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        return folder


class SimulatedDisk(apsw.VFS):
    """The disk. With `chance` at each write and sync its power is cut, which the program on it does not notice."""

    def __init__(self, source: random.Random, chance: float, promised: Callable[[], Any]) -> None:
        self.name = f"disk-{id(self)}"
        super().__init__(self.name, base="")
        self.cuts: list[Cut] = []
        self._source, self._chance, self._promised = source, chance, promised
        self._files: dict[str, DiskFile] = {}

    def put(self, name: str, content: bytes) -> None:
        """A file that is there from the beginning."""
        self._files[name] = DiskFile(self._operated, content)

    def connect(self, path: object, *, full: bool = True) -> sqlite3.Connection:
        """A connection to the file of that name, alike to those of the standard library; not `full`: a careless one."""
        connection = (Connection if full else CarelessConnection)(str(path), vfs=self.name)
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # the shared memory of a WAL is beyond a VFS in Python
        connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        return cast(sqlite3.Connection, connection)

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return Path(name).name

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        file_name = str(name.filename() if isinstance(name, apsw.URIFilename) else name)
        flags[1] = flags[0]
        return cast(apsw.VFSFile, self._files.setdefault(file_name, DiskFile(self._operated)))

    def xAccess(self, name: str, flags: int) -> bool:  # noqa: N802
        return name in self._files

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        del self._files[name]

    def _operated(self) -> None:
        if self._source.random() < self._chance:
            files = {name: file.after_cut(self._source) for name, file in self._files.items()}
            self.cuts.append(Cut(files, self._promised()))


class Row(tuple[Any, ...]):
    """As `sqlite3.Row`: by number or by name."""

    names: tuple[str, ...]

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.names.index(key) if isinstance(key, str) else key)

    def keys(self) -> tuple[str, ...]:
        return self.names


class Connection(apsw.Connection):
    """What our stores use of `sqlite3.Connection`."""

    def __init__(self, *where: Any, **how: Any) -> None:
        super().__init__(*where, **how)
        self.row_trace = _named

    def executescript(self, script: str) -> None:
        self.execute(script)


class CarelessConnection(Connection):
    """One that syncs less than it is told to, to show that this is noticed."""

    def execute(self, statements: str, *rest: Any, **how: Any) -> Any:
        return super().execute(statements.replace("FULL", "NORMAL"), *rest, **how)


def _named(cursor: apsw.Cursor, values: tuple[Any, ...]) -> Row:
    row = Row(values)
    row.names = tuple(name for name, *_ in cursor.get_description())
    return row


def _surviving(pending: Pending, source: random.Random) -> list[Pending]:
    fate = source.choice(("whole", "torn", "none"))
    if fate == "none":
        return []
    if fate == "whole" or isinstance(pending, Truncation):
        return [pending]
    return [part for part in _sectors(pending) if source.random() < 0.5]


def _sectors(write: Write) -> list[Write]:
    """The parts of a write, cut where the disk's sectors end."""
    edges = [write.offset, *range((write.offset // SECTOR + 1) * SECTOR, write.offset + len(write.data), SECTOR)]
    ends = [*edges[1:], write.offset + len(write.data)]
    return [
        Write(begin, write.data[begin - write.offset : end - write.offset])
        for begin, end in zip(edges, ends, strict=True)
    ]


def _apply(content: bytearray, change: Pending) -> None:
    if isinstance(change, Truncation):
        del content[change.length :]
        content.extend(bytes(change.length - len(content)))
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.data)] = change.data
