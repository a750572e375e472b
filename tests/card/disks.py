"""The disks of an emulated machine: a boot partition with a card's folder on it, and disks that begin as another is."""

import subprocess
from pathlib import Path

BOOT_MIB = 256
BOOT_LABEL = "bootfs"
DATA_LABEL = "poincon"


def boot_partition(image: Path, folder: Path) -> None:
    """A FAT file system with everything that is in `folder`, as a flashed card's boot partition has it."""
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(BOOT_MIB << 20)
    _run("mkfs.vfat", "-n", BOOT_LABEL, str(image))
    copy_onto(image, folder)


def copy_onto(image: Path, folder: Path) -> None:
    """Copies what is in `folder` onto a boot partition, over what has the same names."""
    for entry in sorted(folder.iterdir()):
        _run("mcopy", "-s", "-o", "-Q", "-i", str(image), str(entry), "::")


def file_on(image: Path, name: str) -> str:
    """The text of a file of a boot partition, empty where it has none."""
    done = subprocess.run(["mtype", "-i", str(image), f"::{name}"], capture_output=True)
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def data_partition(image: Path, mib: int) -> None:
    """An empty ext4 file system for what a unit keeps."""
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(mib << 20)
    _run("mke2fs", "-q", "-F", "-t", "ext4", "-L", DATA_LABEL, str(image))


def overlay(image: Path, base: Path, kind: str = "raw") -> None:
    """A disk that begins as `base` is, which it leaves as it is; what is written in it is its own."""
    image.unlink(missing_ok=True)
    _run("qemu-img", "create", "-q", "-f", "qcow2", "-F", kind, "-b", str(base.resolve()), str(image))


def drive(image: Path, name: str, *, read_only: bool = False) -> list[str]:
    """QEMU's words for a virtio disk."""
    kind = "qcow2" if image.suffix == ".qcow2" else "raw"
    more = ",readonly=on" if read_only else ""
    return [
        "-drive",
        f"file={image},format={kind},if=none,id={name},cache=writeback{more}",
        "-device",
        f"virtio-blk-pci,drive={name}",
    ]


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError(f"{' '.join(words)}: {done.stderr.strip()}")
