"""Where the copy of the books goes: URL/SITE/TERM, a folder of its own for each server that the place ever had.

No two servers write to one of them, so that none can spoil what the other needs.
"""

import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from device.contract.instant import Instant
from server.errors import Refusal
from server.replica import litestream
from server.replica.litestream import Copied
from server.site.connection_settings import is_path
from server.site.folder import SiteFolder
from server.store import database

ACCESS = "replica.toml"
"""In `secrets/`: what the store asks for (`access-key-id`, `password`, …), by Litestream's names."""

LOOK_AHEAD = 2
"""Terms that may be missing in a row over the network before it is believed that there are no more."""


@dataclass(frozen=True)
class Target:
    """A store, and the place that is copied there; `books` is the file that Litestream knows them by."""

    url: str
    site: str
    books: Path
    access: Mapping[str, str] = field(default_factory=dict)

    def address(self, term: int) -> str:
        """Where the server of that term copies to."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{self.site}/{term}"))

    @property
    def folder(self) -> Path | None:
        """The folder that `url` names, where it names one."""
        return folder_of(self.url)

    @property
    def shown(self) -> str:
        """Where it is, without anything that may be a secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"

    @property
    def is_there(self) -> bool:
        """Whether the folder exists, which is never made: where a stick is missing, the copy would land on the card.
        Of a store over the network that is not known before it is asked.
        """
        return self.folder is None or self.folder.is_dir()

    def copied(self, term: int) -> Copied | None:
        """How far the copy of that term has come, if there is one; raises `Refusal` where the store is away."""
        self.must_be_there()
        if self.folder is not None and not (self.folder / self.site / str(term)).is_dir():
            return None
        return litestream.copied(self.books, self.address(term), self.access)

    def newest_term(self, known: int) -> int:
        """The highest term from `known` on that has a copy; 0 where none has. Raises `Refusal` where it is away."""
        self.must_be_there()
        if self.folder is not None:
            return max((term for term in _terms_in(self.folder / self.site) if term >= known), default=0)
        newest, term = 0, known
        while term - max(newest, known) < LOOK_AHEAD:
            if self.copied(term) is not None:
                newest = term
            term += 1
        return newest

    def drop_former(self, own: int, unused_since: Instant) -> list[int]:
        """Removes, where it is a folder, what former servers copied and nobody wrote to since: it has names in it that
        the books have long lost. The terms that went.
        """
        if self.folder is None:
            return []
        place = self.folder / self.site
        former = [term for term in _terms_in(place) if term < own and _written_at(place / str(term)) < unused_since]
        for term in former:
            shutil.rmtree(place / str(term))
        return former

    def fetch(self, term: int, to: Path) -> None:
        """The books of that term, in a new file; raises `Refusal` where they cannot be had."""
        litestream.fetch(self.books, self.address(term), self.access, to)

    def must_be_there(self) -> None:
        """Raises `Refusal` where the folder is missing."""
        if not self.is_there:
            raise Refusal("replica_folder_missing", folder=self.folder)


def target_of(site: SiteFolder) -> Target | None:
    """Where the place is to be copied to; None where its settings want no copy."""
    url = site.settings.replica.url
    if not url:
        return None
    return Target(url, site.settings.site.id, site.database_path, read_access(site.secrets_folder / ACCESS))


def read_access(path: Path) -> dict[str, str]:
    """What the store asks for; nothing where there is no such file. Raises `Refusal` where it is no such file."""
    if not path.exists():
        return {}
    try:
        return {str(name): value for name, value in tomllib.loads(path.read_text("utf-8")).items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal("file_damaged", path=path, error=error) from None


def folder_of(url: str) -> Path | None:
    """The folder that an address names, where it names one."""
    return Path(unquote(urlsplit(url).path)) if is_path(url) else None


def sites_in(folder: Path) -> list[str]:
    """The places whose copies lie in a folder."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and any(_terms_in(path)))


def newly_found(url: str, site: str, access: Mapping[str, str], scratch: Path) -> Target:
    """A store as seen from a machine that has no place yet."""
    return Target(url, site, scratch / database.FILE_NAME, access)


def _written_at(folder: Path) -> Instant:
    newest_s = max((path.stat().st_mtime for path in (folder, *folder.rglob("*"))), default=0.0)
    return Instant.of_epoch_ms(int(newest_s * 1000))


def _terms_in(folder: Path) -> list[int]:
    if not folder.is_dir():
        return []
    return [int(path.name) for path in folder.iterdir() if path.is_dir() and path.name.isdecimal()]
