"""A card written down: into a folder, a ZIP, or onto the boot partition of a card that was flashed."""

import os
import shutil
import zipfile
from pathlib import Path
from typing import BinaryIO

from server.cards.boot_partition import BootPartition
from server.cards.card import CARD_FILE, OURS, MachineCard
from server.errors import Refusal

STORED = (".whl", ".gz", ".zip", ".png", ".jpg")
"""What is packed already."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP knows: a card looks the same whenever it is made."""


def write_folder(card: MachineCard, folder: Path) -> None:
    """The card in `folder`; raises `Refusal` where that holds one already."""
    if (folder / OURS / CARD_FILE).exists():
        raise Refusal("folder_has_file", folder=folder, file=f"{OURS}/{CARD_FILE}")
    for name, content in card.files():
        _put(folder / name, content)


def write_zip(card: MachineCard, file: BinaryIO) -> None:
    """The card as a ZIP, whose files are to be copied as they are."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in card.files():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as there:
                if isinstance(content, Path):
                    with content.open("rb") as source:
                        shutil.copyfileobj(source, there)
                else:
                    there.write(content)


def write_onto(card: MachineCard, boot: BootPartition) -> None:
    """The card onto a boot partition; raises `Refusal` where it cannot start from there.

    What starts it comes last: a card that was taken out too early starts as it was flashed.
    """
    start = card.first_start
    boot.check(wants_wifi=start.wifi is not None or bool(start.ssh_key), has_program=card.release is not None)
    boot.forget(OURS)
    files = dict(card.files(cloud_init=boot.has_cloud_init))
    starts = [name for name in files if "/" not in name]
    for name in (*(each for each in files if each not in starts), *starts):
        _put(boot.folder / name, files[name])
    if not boot.has_cloud_init:
        os.sync()
        boot.start_by_the_kernel()
    os.sync()


def _put(path: Path, content: bytes | Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copyfile(content, path)
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
