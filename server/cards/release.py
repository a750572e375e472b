"""A release: the folder that `make release` makes, from which machines are installed."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server.errors import Refusal

VERSION, SUMS, FIRMWARE = "VERSION", "SHA256SUMS", "firmware-config"
CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class ReleaseFolder:
    """A release that has its version, its sums, and what a machine needs around the program."""

    folder: Path

    @property
    def version(self) -> str:
        """Such as `0.4.0`."""
        return (self.folder / VERSION).read_text("utf-8").strip()

    def files(self) -> Iterator[tuple[str, Path]]:
        """Every file, by its path inside the release."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(self.folder).as_posix(), path


def release_in(folder: Path) -> ReleaseFolder:
    """The release in `folder`; raises `Refusal` where there is none."""
    missing = next((name for name in (VERSION, SUMS, FIRMWARE) if not (folder / name).exists()), None)
    if missing is not None:
        raise Refusal("no_release", folder=folder, missing=missing)
    return ReleaseFolder(folder)


def own_release() -> ReleaseFolder | None:
    """The release that this very program was installed from; None where it was not installed from one."""
    folder = Path(sys.prefix).parent / "release"
    return release_in(folder) if (folder / VERSION).exists() else None


def first_start_templates(release: ReleaseFolder | None) -> Path | None:
    """Where the files lie that a card's first start is made of; None where neither release nor checkout has them."""
    homes = [release.folder] if release else []
    found = (home / FIRMWARE / "first-start" for home in (*homes, CHECKOUT))
    return next((folder for folder in found if folder.is_dir()), None)
