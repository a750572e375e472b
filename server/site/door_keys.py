"""The keys of badges as doors are told them, from the site's key as it is now: a rotation is noticed by the file."""

import logging
from pathlib import Path
from typing import NamedTuple

from server.core.doors.key_diversification import badge_key
from server.errors import Refusal
from server.site.badge_keys import FILE_NAME, SiteKeys, read_site_keys

log = logging.getLogger(__name__)


class _Wanted(NamedTuple):
    credential: str
    version: int
    slot: int


class DoorKeys:
    """Used by the writer's thread alone. Raises `Refusal` where the site's key cannot be read when it is made; one that
    cannot be read later leaves what was known: badges that open today must not shut for a file being copied.
    """

    def __init__(self, secrets: Path, site: str) -> None:
        self._secrets, self._site = secrets, site
        self._keys: SiteKeys = read_site_keys(secrets)
        self._seen = self._signature()
        self._known: dict[_Wanted, str] = {}

    def look(self) -> int:
        """Reads the site's key where its file changed; the version that is present."""
        signature = self._signature()
        if signature != self._seen:
            try:
                self._keys = read_site_keys(self._secrets)
            except Refusal as refusal:
                log.error("badge keys unreadable error=%s", refusal)
            else:
                self._seen = signature
                self._known.clear()
        return self._keys.present

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

    def _signature(self) -> tuple[int, int, int] | None:
        """What is another whenever the file was written anew."""
        try:
            found = (self._secrets / FILE_NAME).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size
