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
from server.site.backup import FolderOwner
from server.site.whole_file import write_whole

OFTEN = "500ms"
"""How often the log is looked at, and what is new is sent: a dying server takes this twice with it, and the way."""
WHOLE_EVERY = "24h"
"""How often a whole copy is begun, and how long a former one stays: what is purged from the books leaves it by then."""
PATIENCE_S = 600.0
"""How long a copy may take to be fetched: a year's books over a slow line."""
ANSWER_S = 60.0
NONE_THERE = "no matching backup files"
"""What Litestream says where there is no copy, or not all of one."""
DIE_WITH_PARENT = Path(__file__).parents[1] / "die_with_parent.py"


class Copied(NamedTuple):
    """How far a copy has come: its last transaction, and when that was written."""

    transaction: int
    written_at: Instant


class _File(msgspec.Struct):
    timestamp: str


class _Plan(msgspec.Struct):
    max_txid: str
    files: list[_File]


class _Sent(msgspec.Struct):
    txid: int


def program() -> str:
    """Where Litestream is: beside this Python, or in the path; raises `Refusal` where it is not installed."""
    beside = Path(sys.executable).parent / "litestream"
    found = str(beside) if beside.exists() else shutil.which("litestream")
    if found is None:
        raise Refusal("no_litestream")
    return found


def configuration(books: Path, url: str, access: Mapping[str, str], socket: Path | None = None) -> bytes:
    """Litestream's settings, in the part of YAML that is JSON; `access` has what the store asks for, by its names.

    Through `socket` a running one is spoken to.
    """
    replica = {**access, "url": url, "sync-interval": OFTEN}
    database = {"path": str(books.absolute()), "monitor-interval": OFTEN, "replica": replica}
    settings: dict[str, object] = {
        "logging": {"level": "warn", "stderr": True},
        "snapshot": {"interval": WHOLE_EVERY, "retention": WHOLE_EVERY},
        "dbs": [database],
    }
    if socket is not None:
        settings["socket"] = {"enabled": True, "path": str(socket)}
    return msgspec.json.encode(settings)


def start(config: Path) -> "subprocess.Popen[bytes]":
    """Begins to copy, until the process is ended; what it says goes to our standard error."""
    return beside_us([program(), "replicate", "-no-expand-env", "-config", str(config)])


def beside_us(command: list[str], stderr: int | None = None) -> "subprocess.Popen[bytes]":
    """Starts a process that ends with the thread that began it, however that ends: two Litestreams on the same books
    would spoil each other's copy.
    """
    guarded = [sys.executable, "-I", "-S", str(DIE_WITH_PARENT), str(os.getpid()), *command]
    return subprocess.Popen(
        guarded, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr, env=_environment()
    )


def copy_once(books: Path, url: str, access: Mapping[str, str], owner: FolderOwner | None = None) -> None:
    """Copies what there is now, and ends; raises `Refusal` where that failed.

    `owner` is who will go on with it, where root begins: what Litestream makes must be theirs.
    """
    with _configured(books, url, access) as config:
        if owner is not None:
            for path in (Path(config), Path(config).parent):
                os.chown(path, owner.user, owner.group)
        _run("replicate", "-once", "-no-expand-env", "-config", config, patience_s=PATIENCE_S, owner=owner)


def forget(config: Path) -> None:
    """Drops what Litestream remembers of these books, so that it begins with a whole copy again."""
    books = _books_of(config)
    _run("reset", "-no-expand-env", "-config", str(config), books)


def copied(books: Path, url: str, access: Mapping[str, str]) -> Copied | None:
    """How far the copy goes that books can be made from now; None where there is none, or what there is has a hole.

    Raises `Refusal` where the store does not answer.
    """
    with _configured(books, url, access) as config:
        nowhere = str(Path(config).with_name(books.name))
        words = ("-dry-run", "-json", "-config", config, "-o", nowhere, str(books.absolute()))
        try:
            answer = _run("restore", "-no-expand-env", *words)
        except Refusal as refused:
            if NONE_THERE in str(refused):
                return None
            raise
    plan = msgspec.json.decode(answer, type=_Plan)
    return Copied(int(plan.max_txid, 16), max(Instant.parse(file.timestamp) for file in plan.files))


def send_all(books: Path, socket: Path) -> int:
    """Has a running Litestream send all that stands in the books now; the number of its last transaction.

    Raises `Refusal` where it could not.
    """
    answer = _run("sync", "-wait", "-json", "-socket", str(socket), str(books.absolute()))
    return msgspec.json.decode(answer, type=_Sent).txid


def fetch(books: Path, url: str, access: Mapping[str, str], to: Path) -> None:
    """The books of a copy, in a new file `to`, 0600; raises `Refusal` where there is no whole one."""
    with _configured(books, url, access) as config:
        _run(
            "restore", "-no-expand-env", "-config", config, "-o", str(to), str(books.absolute()), patience_s=PATIENCE_S
        )
    to.chmod(0o600)


@contextmanager
def _configured(books: Path, url: str, access: Mapping[str, str]) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="poincon-") as folder:
        config = Path(folder) / "litestream.json"
        write_whole(config, configuration(books, url, access), 0o600)
        yield str(config)


def _books_of(config: Path) -> str:
    return str(msgspec.json.decode(config.read_bytes())["dbs"][0]["path"])


def _run(word: str, *words: str, patience_s: float = ANSWER_S, owner: FolderOwner | None = None) -> bytes:
    command = [program(), word, *words]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=patience_s,
            check=False,
            env=_environment(),
            user=owner and owner.user,
            group=owner and owner.group,
            extra_groups=None if owner is None else [],
        )
    except subprocess.TimeoutExpired:
        raise Refusal("replica_away", error=f"no answer within {patience_s:.0f} s") from None
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"status {done.returncode}"]
        raise Refusal("replica_away", error=lines[-1][:300])
    return done.stdout


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LITESTREAM_")}
