"""Texts that tests compare whole, kept in a folder `snapshots` beside them: `pytest --snapshot-update` writes them."""

from difflib import unified_diff
from pathlib import Path

import pytest

FOLDER = "snapshots"


class Snapshots:
    """The snapshots of one folder of tests; with `update` they are written instead of compared."""

    def __init__(self, folder: Path, update: bool) -> None:
        self._folder, self._update = folder, update

    def same(self, name: str, text: str) -> None:
        """Compares `text`, to the byte, with the snapshot of that file name; fails with the lines that differ."""
        path, told = self._folder / name, text.encode()
        if self._update:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(told)
        kept = path.read_bytes() if path.exists() else b""
        if kept != told:
            differing = "\n".join(unified_diff(_lines(kept), _lines(told), f"{FOLDER}/{name}", "now", n=2, lineterm=""))
            pytest.fail(f"{differing}\nmeant so? pytest --snapshot-update", pytrace=False)


def _lines(text: bytes) -> list[str]:
    """Each with what the eye does not see of it: its end, spaces that do not break."""
    return [repr(line)[1:-1] for line in text.decode().splitlines(keepends=True)]
