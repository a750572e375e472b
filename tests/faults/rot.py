"""The disk of a unit rots: any row, page, note and file of it. The door starts, REX opens, badges open once the server
has spoken, what is written afterwards reaches the books, and nothing ends in a traceback."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from server.store.database import Database
from tests.live_place import LivePlace, SimulatedUnit, eventually

DOOR = "front"
PAGE = 4096
CACHED = ("access-list.json", "access-list.former", "mode.json", "inside.json", "occupancy.json", "hours.json")
FILES = (*["outbox.db"] * 4, "outbox.db-wal", "outbox.db-shm", *CACHED)
NOTES = ("epoch", "kept", "boot", "version", "clean")
VALUES = ("abc", "", "-1", "9" * 30, "0", "0000abcd", "é\x00")


def rot_campaign(place: LivePlace, rounds: int, source: random.Random) -> dict[str, int]:
    """So many starts of a door after something of its disk rotted; how often what. Raises `AssertionError`."""
    door = place.add_unit(DOOR, has_contact=False, debounce_s=0.1)
    place.start()
    place.wait_for_list(DOOR)
    befallen = dict.fromkeys(WAYS, 0)
    for nth in range(rounds):
        source.choice((door.stop, door.kill))()
        for _ in range(source.choice((1, 1, 3))):
            way = source.choice(list(WAYS))
            befallen[way] += 1
            # it may be gone, or be damaged too far for that; SQLite's words of a damage quote it, which may be no text
            with suppress(FileNotFoundError, sqlite3.Error, UnicodeDecodeError):
                WAYS[way](door.folder / "data", source)
        _lives(place, door, list(place.people)[nth % len(place.people)])
    assert "Traceback" not in door.log_text(), door.log_text()[-3000:]
    place.command("verify")
    return befallen


def _lives(place: LivePlace, door: SimulatedUnit, credential: str) -> None:
    mark, exits = len(door.told), _exits(place)
    door.start()
    door.wait_for("ring", after=mark)
    door.order("rex")
    door.wait_for("strike released", after=mark)
    place.wait(lambda db: _counted(db) > exits)
    assert eventually(lambda: door.tap(credential, "exit") == "granted exit"), door.log_end()
    assert eventually(lambda: door.tap(credential).startswith("granted")), door.log_end()


def _exits(place: LivePlace) -> int:
    with place.db() as db:
        return _counted(db)


def _counted(db: Database) -> int:
    return int(db.value("""SELECT count(*) FROM events WHERE kind = 'passage' AND instr(body, '"by":"rex"') > 0"""))


def _bytes(data: Path, source: random.Random) -> None:
    path = data / source.choice(FILES)
    content = bytearray(path.read_bytes())
    for _ in range(source.choice((1, 5, 50))):
        if content:
            content[source.randrange(len(content))] = source.randrange(256)
    path.write_bytes(content)


def _page(data: Path, source: random.Random) -> None:
    path = data / source.choice(FILES)
    content = bytearray(path.read_bytes())
    at = source.randrange(len(content) // PAGE + 1) * PAGE
    content[at : at + PAGE] = source.choice((bytes(PAGE), source.randbytes(PAGE), b"\xff" * PAGE))
    path.write_bytes(content)


def _end(data: Path, source: random.Random) -> None:
    path = data / source.choice(FILES)
    path.write_bytes(path.read_bytes()[: source.choice((0, source.randrange(path.stat().st_size + 1)))])


def _file(data: Path, source: random.Random) -> None:
    path = data / source.choice(FILES)
    if source.random() < 0.5:
        path.unlink()
    else:
        path.write_bytes(source.choice((source.randbytes(500), b"null", b"{}", b"[" * 5_000)))


def _row(data: Path, source: random.Random) -> None:
    payload = source.choice((b"\xff\xfe", b'{"kind":"acc', b"", b"null", source.randbytes(100), b"x" * 100_000))
    with closing(sqlite3.connect(data / "outbox.db")) as outbox, outbox:
        last = outbox.execute("SELECT max(seq) FROM event").fetchone()[0] or 1
        seq = source.choice((last, source.randint(1, last)))
        if source.random() < 0.2:
            outbox.execute("DELETE FROM event WHERE seq = ?", (seq,))
        outbox.execute("UPDATE event SET payload = ? WHERE seq = ?", (payload, seq))
        outbox.execute("UPDATE note SET value = ? WHERE name = 'kept'", (str(max(0, last - source.randint(0, 3))),))


def _note(data: Path, source: random.Random) -> None:
    with closing(sqlite3.connect(data / "outbox.db")) as outbox, outbox:
        outbox.execute("UPDATE note SET value = ? WHERE name = ?", (source.choice(VALUES), source.choice(NOTES)))


WAYS: dict[str, Callable[[Path, random.Random], None]] = {
    "bytes": _bytes,
    "page": _page,
    "end": _end,
    "file": _file,
    "row": _row,
    "note": _note,
}
