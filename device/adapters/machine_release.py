"""The release that a unit runs, and its machine's updater: what the unit fetches for it, tells it and hears from it.

The updater belongs to root and believes nothing of what lies in the unit's folder (firmware-config/update). It starts
when `order` appears there, and says how it ended in a file of its own.
"""

import hashlib
import http.client
import json
import logging
import os
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from device.contract.codec import decode
from device.contract.errors import Malformed
from device.contract.messages import Command
from device.contract.release import MAX_ARCHIVE_BYTES, SUMS, VERSION, release_id, statement
from device.contract.state import UpdateOutcome
from device.inbox import UpdateFetched

log = logging.getLogger(__name__)

CONNECT_S, READ_S, WHOLE_S = 10, 30, 30 * 60
"""The longest that a connection, one piece and the whole archive may take."""
PIECE = 64 * 1024
NICENESS = 10
HEALTHY, UNHEALTHY = "healthy", "unhealthy"
"""Files in the unit's runtime directory, which systemd empties at each start: the release, and what is still wrong."""


class UpdateFault(Exception):
    """An update that goes no further; its text is the code of why, and what it is about behind a space."""


class MachinePaths(NamedTuple):
    """Where things stand on an installed machine; `run` is None where no service manager made the unit a folder."""

    update: Path
    outcome: Path = Path("/var/lib/poincon-update/outcome.json")
    authority: Path = Path("/etc/poincon/authority.crt")
    run: Path | None = None


def own_release() -> str | None:
    """The id of the release that this program was installed from; None in a checkout."""
    folder = Path(sys.prefix).parent / "release"
    try:
        return release_id((folder / VERSION).read_text("utf-8"), (folder / SUMS).read_bytes())
    except (OSError, UnicodeDecodeError):
        return None


class MachineUpdater:
    """Fetches releases on a thread of its own, and puts `UpdateFetched` on the unit's queue; `host` is the server's."""

    def __init__(self, release: str, host: str, paths: MachinePaths, put: Callable[[UpdateFetched], None]) -> None:
        self.release = release
        self._host, self._paths, self._put = host, paths, put
        self._known: tuple[float, UpdateOutcome | None] = (0.0, None)

    @property
    def takes_updates(self) -> bool:
        """Whether there is an authority that root trusts; without one nothing is taken."""
        return self._paths.authority.is_file()

    def fetch(self, order: Command) -> None:
        """Begins to fetch what the order names; returns at once."""
        threading.Thread(target=self._fetch_all, args=(order,), name="update", daemon=True).start()

    def outcome(self) -> UpdateOutcome | None:
        """How the last update ended, as the updater wrote it."""
        try:
            changed = self._paths.outcome.stat().st_mtime
            if changed != self._known[0]:
                self._known = (changed, decode(self._paths.outcome.read_bytes(), UpdateOutcome))
        except (OSError, Malformed):
            return None
        return self._known[1]

    def tell_health(self, fault: str | None) -> None:
        """Says to the updater that all is well, or what is not yet; raises nothing."""
        if self._paths.run is None:
            return
        name, text = (HEALTHY, self.release) if fault is None else (UNHEALTHY, f"{self.release} {fault}")
        try:
            _write_whole(self._paths.run / name, f"{text}\n".encode())
        except OSError as error:
            log.error("health not told error=%s", error)

    def _fetch_all(self, order: Command) -> None:
        with suppress(OSError):  # the service's sandbox may not let it
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        try:
            self._hand_over(order)
            fault = None
        except UpdateFault as error:
            fault = str(error)
        except Exception:  # the top of the thread
            log.exception("update not fetched release=%s", order.release)
            fault = "fetch"
        log.info("update fetched release=%s fault=%s", order.release, fault)
        self._put(UpdateFetched(order, fault))

    def _hand_over(self, order: Command) -> None:
        """Fetches, verifies, and puts the order there last: the updater starts by it."""
        folder = self._paths.update
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "order").unlink(missing_ok=True)
        part = folder / "archive.part"
        try:
            sha256 = self._fetched_into(part, order)
            if sha256 != order.sha256:
                raise UpdateFault("archive")
            if not is_signed(self._paths.authority, statement(order.release or "", sha256), order.signature or ""):
                raise UpdateFault("signature")
            part.replace(folder / "archive")
        finally:
            part.unlink(missing_ok=True)
        told = {"order": order.id, "release": order.release, "signature": order.signature}
        _write_whole(folder / "order", json.dumps(told).encode())

    def _fetched_into(self, part: Path, order: Command) -> str:
        """The SHA-256 of what the server gave."""
        ends_s = monotonic() + WHOLE_S
        connection = http.client.HTTPConnection(self._host, order.port, timeout=CONNECT_S)
        try:
            with closing(connection), part.open("wb") as file:
                connection.connect()
                connection.sock.settimeout(READ_S)
                connection.request("GET", order.path or "", headers={"Connection": "close"})
                answer = connection.getresponse()
                if answer.status != 200:
                    raise UpdateFault(f"fetch HTTP {answer.status}")
                digest = hashlib.sha256()
                size = 0
                while piece := answer.read(PIECE):
                    size += len(piece)
                    if size > MAX_ARCHIVE_BYTES:
                        raise UpdateFault("too_big")
                    if monotonic() > ends_s:
                        raise UpdateFault("fetch too slow")
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
                return digest.hexdigest()
        except (OSError, http.client.HTTPException) as error:
            raise UpdateFault(f"fetch {_plain(error)}") from error


def is_signed(authority: Path, said: bytes, signature: str) -> bool:
    """Whether the authority of that certificate signed `said`."""
    import base64
    import binascii

    from cryptography import x509  # 5 MB that a unit otherwise has only while it proves a badge
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        key = x509.load_pem_x509_certificate(authority.read_bytes()).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(base64.b64decode(signature, validate=True), said, ec.ECDSA(hashes.SHA256()))
    except (OSError, ValueError, binascii.Error, InvalidSignature):
        return False
    return True


def _plain(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__)[:80]


def _write_whole(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
