"""The site's keys as a running server knows them, and the keys of badges as doors are told them."""

import logging
from pathlib import Path
from typing import NamedTuple

from server.core.doors.key_diversification import badge_key
from server.errors import Refusal
from server.site.badge_keys import FILE_NAME, SiteKeys, read_site_keys

log = logging.getLogger(__name__)


class WatchedKeys:
    """The site's keys, read anew when their file changes: that is how a rotation by a command is noticed.

    Raises `Refusal` where they cannot be read when it is made. Where they cannot be read later, what was known goes on:
    badges that open today must not shut for a file that is being put back. From any thread.
    """

    def __init__(self, secrets: Path) -> None:
        self._secrets = secrets
        self._seen = self._signature()
        self._keys = read_site_keys(secrets)

    def look(self) -> SiteKeys:
        """As they stand now."""
        signature = self._signature()
        if signature != self._seen:
            try:
                self._keys = read_site_keys(self._secrets)
            except Refusal as refusal:
                log.error("badge keys unreadable error=%s", refusal)
            self._seen = signature
        return self._keys

    def _signature(self) -> tuple[int, int, int] | None:
        """What is another whenever the file was written anew."""
        try:
            found = (self._secrets / FILE_NAME).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


class _Wanted(NamedTuple):
    credential: str
    version: int
    slot: int


class DoorKeys:
    """Used by the writer's thread alone."""

    def __init__(self, watched: WatchedKeys, site: str) -> None:
        self._watched, self._site = watched, site
        self._keys = watched.look()
        self._known: dict[_Wanted, str] = {}

    def look(self) -> int:
        """Looks at the site's keys anew; the version that is present."""
        keys = self._watched.look()
        if keys != self._keys:
            self._keys = keys
            self._known.clear()
        return keys.present

    def key_of(self, credential: str, version: int, slot: int) -> str | None:
        """The badge's key in hex; None where the site's key of that version is over."""
        wanted = _Wanted(credential, version, slot)
        key = self._known.get(wanted)
        if key is None:
            master = self._keys.of(version)
            if master is None:
                return None
            uid = bytes.fromhex(credential.partition(":")[2])
            key = self._known[wanted] = badge_key(master, uid, slot, self._site).hex()
        return key
