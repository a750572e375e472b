"""Releases as `make-release` makes them, but small."""

import hashlib
from pathlib import Path

from server.updates.release import id_of


def made_release(folder: Path, version: str = "0.4.0", text: str = "print('hello')\n", *, wheels: bool = False) -> Path:
    """A release of that version in `folder`; its id depends on `text`."""
    files = {
        "VERSION": f"{version}\n",
        f"poincon-{version}-py3-none-any.whl": text,
        "firmware-config/install": "#!/bin/sh\n",
    }
    if wheels:
        files["wheels/pip-26.0-py3-none-any.whl"] = "pip\n"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    (folder / "firmware-config/install").chmod(0o755)
    sums = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(files))
    (folder / "SHA256SUMS").write_text("".join(sums))
    return folder


def id_in(folder: Path) -> str:
    """The id of the release there."""
    return id_of(folder)
