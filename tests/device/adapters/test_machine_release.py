"""A unit fetches a release over HTTP, and hands over what the authority signed and nothing else."""

import hashlib
import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pytest

from device.adapters import machine_release
from device.adapters.machine_release import MachinePaths, MachineUpdater, own_release
from device.contract.instant import Instant
from device.contract.messages import Command
from device.contract.state import UpdateOutcome
from device.inbox import UpdateFetched
from server.site.certificates import new_authority
from server.updates.release import PackedRelease, signature_of
from tests.patience import PATIENCE_S
from tests.releases import id_in, made_release

AT = Instant.parse("2026-11-23T07:14:05.120Z")
NEWER = "0.4.1-5e6f7a8b"


class Giver(BaseHTTPRequestHandler):
    """Gives `content` at one address."""

    content = b"the archive"

    def do_GET(self) -> None:
        there = self.path == f"/release/{NEWER}"
        self.send_response(200 if there else 404)
        self.end_headers()
        if there:
            self.wfile.write(self.content)

    def log_message(self, format: str, *words: object) -> None: ...


class FetchingUnit:
    """A unit whose server gives the release."""

    def __init__(self, folder: Path) -> None:
        self.authority = new_authority("here")
        self.paths = MachinePaths(folder / "update", folder / "outcome.json", folder / "authority.crt", folder)
        self.paths.authority.write_bytes(self.authority.certificate)
        self.giver = type("AnyGiver", (Giver,), {})
        self.web = ThreadingHTTPServer(("127.0.0.1", 0), self.giver)
        Thread(target=self.web.serve_forever, daemon=True).start()
        self.heard: SimpleQueue[UpdateFetched] = SimpleQueue()
        self.updater = MachineUpdater("0.4.0-1a2b3c4d", "127.0.0.1", self.paths, self.heard.put)

    def order(self, **more: object) -> Command:
        sha256 = hashlib.sha256(Giver.content).hexdigest()
        fields: dict[str, object] = {
            "release": NEWER,
            "sha256": sha256,
            "signature": signature_of(PackedRelease(NEWER, Path(), sha256), self.authority),
            "path": f"/release/{NEWER}",
            "port": self.web.server_port,
        }
        return Command(id="u-1", kind="update", expires_at=AT, by="Marie", **fields | more)  # type: ignore[arg-type]

    def fetch(self, **more: object) -> str | None:
        """Why it could not be fetched."""
        self.updater.fetch(self.order(**more))
        return self.heard.get(timeout=PATIENCE_S).fault

    @property
    def handed_over(self) -> list[str]:
        return sorted(path.name for path in self.paths.update.glob("*")) if self.paths.update.exists() else []


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[FetchingUnit]:
    made = FetchingUnit(tmp_path)
    yield made
    made.web.shutdown()
    made.web.server_close()


def test_what_was_fetched_is_handed_over_the_order_last(unit: FetchingUnit) -> None:
    assert unit.fetch() is None
    assert unit.handed_over == ["archive", "order"]
    assert (unit.paths.update / "archive").read_bytes() == Giver.content
    order = json.loads((unit.paths.update / "order").read_text())
    assert (order["order"], order["release"], len(order["signature"]) > 90) == ("u-1", NEWER, True)
    assert unit.paths.update.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"path": "/release/elsewhere"}, "fetch HTTP 404"),
        ({"port": 1}, "fetch Connection refused"),
        ({"sha256": "00" * 32}, "archive"),
        ({"signature": "AAAA" * 24}, "signature"),
        ({"release": "9.9.9-5e6f7a8b"}, "signature"),
    ],
)
def test_what_is_not_as_it_should_be_is_not_handed_over(
    unit: FetchingUnit, wrong: dict[str, object], fault: str
) -> None:
    assert unit.fetch(**wrong) == fault
    assert unit.handed_over == []


def test_what_somebody_else_signed_is_not_handed_over(unit: FetchingUnit) -> None:
    unit.paths.authority.write_bytes(new_authority("elsewhere").certificate)
    assert unit.fetch() == "signature"
    assert unit.handed_over == []


def test_a_server_that_never_ends_is_left(unit: FetchingUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_release, "MAX_ARCHIVE_BYTES", 8)
    assert unit.fetch() == "too_big"
    assert unit.handed_over == []


def test_a_server_that_is_too_slow_is_left(unit: FetchingUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_release, "WHOLE_S", -1)
    assert unit.fetch() == "fetch too slow"


def test_a_disk_that_takes_nothing_is_told(unit: FetchingUnit) -> None:
    unit.paths.update.write_text("no folder")
    assert unit.fetch() == "fetch"


def test_without_an_authority_that_root_trusts_no_update_is_taken(unit: FetchingUnit) -> None:
    assert unit.updater.takes_updates
    unit.paths.authority.unlink()
    assert not unit.updater.takes_updates


def test_how_the_last_update_ended_is_read_anew_when_it_changed(unit: FetchingUnit) -> None:
    assert unit.updater.outcome() is None
    unit.paths.outcome.write_text(f'{{"order":"u-1","release":"{NEWER}","result":"went_back","why":"no_ack"}}')
    expected = UpdateOutcome(order="u-1", release=NEWER, result="went_back", why="no_ack")
    assert unit.updater.outcome() == expected
    unit.paths.outcome.write_text("rubbish")
    assert unit.updater.outcome() is None or unit.updater.outcome() == expected


def test_health_is_told_by_the_name_of_the_release(unit: FetchingUnit, tmp_path: Path) -> None:
    unit.updater.tell_health("no_broker")
    unit.updater.tell_health(None)
    assert (tmp_path / "unhealthy").read_text() == "0.4.0-1a2b3c4d no_broker\n"
    assert (tmp_path / "healthy").read_text() == "0.4.0-1a2b3c4d\n"


def test_a_checkout_is_no_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    assert own_release() is None
    made_release(tmp_path / "release")
    assert own_release() == id_in(tmp_path / "release")
