"""Litestream, the program that copies the books: found, told what to do, asked what it has.

It takes over the checkpoints of the books' write-ahead log while it runs; nobody else truncates that log.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from device.contract.instant import Instant
from server.errors import Refusal
from server.site.whole_file import write_whole

OFTEN = "500ms"
"""How often the log is looked at, and what is new is sent: a dying server takes this twice with it, and the way."""
PATIENCE_S = 600.0
"""How long a copy may take to be fetched: a year's books over a slow line."""
ANSWER_S = 60.0
DIE_WITH_PARENT = Path(__file__).parents[1] / "die_with_parent.py"


class Copied(NamedTuple):
    """How far a copy has come: its last transaction, and when that was written."""

    transaction: int
    written_at: Instant


class _File(msgspec.Struct):
    max_txid: str
    timestamp: str


class _Status(msgspec.Struct):
    local_txid: str


def program() -> str:
    """Where Litestream is: beside this Python, or in the path; raises `Refusal` where it is not installed."""
    beside = Path(sys.executable).parent / "litestream"
    found = str(beside) if beside.exists() else shutil.which("litestream")
    if found is None:
        raise Refusal("no_litestream")
    return found


def configuration(books: Path, url: str, access: Mapping[str, str]) -> bytes:
    """Litestream's settings, in the part of YAML that is JSON; `access` has what the store asks for, by its names."""
    replica = {**access, "url": url, "sync-interval": OFTEN}
    database = {"path": str(books.absolute()), "monitor-interval": OFTEN, "replica": replica}
    return msgspec.json.encode({"logging": {"level": "warn", "stderr": True}, "dbs": [database]})


def start(config: Path) -> "subprocess.Popen[bytes]":
    """Begins to copy, until the process is ended, or the thread that began it: two of them would spoil each other's
    copy. What it says goes to our standard error.
    """
    command = [program(), "replicate", "-no-expand-env", "-config", str(config)]
    guarded = [sys.executable, "-I", "-S", str(DIE_WITH_PARENT), str(os.getpid()), *command]
    return subprocess.Popen(guarded, stdin=subprocess.DEVNULL, env=_environment())


def copy_once(books: Path, url: str, access: Mapping[str, str]) -> None:
    """Copies what there is now, and ends; raises `Refusal` where that failed."""
    with _configured(books, url, access) as config:
        _run("replicate", "-once", "-config", config, patience_s=PATIENCE_S)


def forget(config: Path) -> None:
    """Drops what Litestream remembers of these books, so that it begins with a whole copy again."""
    books = _books_of(config)
    _run("reset", "-config", str(config), books)


def copied(books: Path, url: str, access: Mapping[str, str]) -> Copied | None:
    """How far the copy has come; None where there is none. Raises `Refusal` where the store does not answer."""
    with _configured(books, url, access) as config:
        answer = _run("ltx", "-json", "-level", "all", "-config", config, str(books.absolute()))
    files = msgspec.json.decode(answer or b"[]", type=list[_File])
    newest = max(files, key=lambda file: (int(file.max_txid, 16), file.timestamp), default=None)
    if newest is None:
        return None
    moments = [file.timestamp for file in files if file.max_txid == newest.max_txid]
    return Copied(int(newest.max_txid, 16), Instant.parse(min(moments)))


def recorded(config: Path) -> int:
    """The last transaction that Litestream has seen in the books themselves."""
    statuses = msgspec.json.decode(_run("status", "-json", "-config", str(config)), type=list[_Status])
    return max((int(status.local_txid or "0", 16) for status in statuses), default=0)


def fetch(books: Path, url: str, access: Mapping[str, str], to: Path) -> None:
    """The books of a copy, in a new file `to`, 0600; raises `Refusal` where there is no whole one."""
    with _configured(books, url, access) as config:
        _run("restore", "-config", config, "-o", str(to), str(books.absolute()), patience_s=PATIENCE_S)
    to.chmod(0o600)


@contextmanager
def _configured(books: Path, url: str, access: Mapping[str, str]) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="poincon-") as folder:
        config = Path(folder) / "litestream.json"
        write_whole(config, configuration(books, url, access), 0o600)
        yield str(config)


def _books_of(config: Path) -> str:
    return str(msgspec.json.decode(config.read_bytes())["dbs"][0]["path"])


def _run(word: str, *words: str, patience_s: float = ANSWER_S) -> bytes:
    command = [program(), word, "-no-expand-env", *words]
    try:
        done = subprocess.run(command, capture_output=True, timeout=patience_s, check=False, env=_environment())
    except subprocess.TimeoutExpired:
        raise Refusal("replica_away", error=f"no answer within {patience_s:.0f} s") from None
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"status {done.returncode}"]
        raise Refusal("replica_away", error=lines[-1][:300])
    return done.stdout


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LITESTREAM_")}
