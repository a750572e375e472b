"""The root file systems and kernels of the emulated machines, kept in `.card`, each under the hash of its recipe."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from threading import Lock
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
RECIPES = Path(__file__).parent / "root"
KEPT = ROOT / ".card"

SHARED = ("base-root", "make-initrd", "machine-settings")
OWN = {"unit-root": ("lgpio-package", "pin-initrd"), "server-root": ()}
"""The scripts of each recipe, beside the one of its name."""

COMMON = "systemd systemd-sysv udev dbus kmod iproute2 python3 python3-venv nftables procps sqlite3 sudo openssl"
UNIT = (
    f"{COMMON} systemd-timesyncd libusb-1.0-0 gpiod e2fsprogs dosfstools avahi-daemon libnss-mdns unattended-upgrades"
)
"""What Raspberry Pi OS Lite brings that a unit could meet, and what `install unit` asks for: no mirror is in reach."""
SERVER = f"{COMMON} mosquitto chrony curl e2fsprogs dosfstools avahi-daemon libnss-mdns unattended-upgrades"


_ONE_AT_A_TIME = Lock()


class Root(NamedTuple):
    """A machine's kernel, its initramfs, and its disk, which is to be left as it is."""

    folder: Path

    @property
    def kernel(self) -> Path:
        """Of Debian."""
        return self.folder / "vmlinuz"

    @property
    def initrd(self) -> Path:
        """It mounts the first virtio disk."""
        return self.folder / "initrd.img"

    @property
    def disk(self) -> Path:
        """An ext4 file system."""
        return self.folder / "root.ext4"


def unit_root() -> Root:
    """Debian for arm64 with what Raspberry Pi OS has besides; made where it is not there, in a few minutes."""
    return _kept("arm64", UNIT, "unit-root")


def server_root() -> Root:
    """The same with what a server needs instead."""
    return _kept("arm64", SERVER, "server-root")


def _kept(arch: str, packages: str, recipe: str) -> Root:
    folder = KEPT / f"{recipe}-{_hash(arch, packages, recipe)}"
    with _ONE_AT_A_TIME:
        _make(folder, arch, packages, recipe)
    return Root(folder)


def _make(folder: Path, arch: str, packages: str, recipe: str) -> None:
    if not (folder / "root.ext4").exists():
        shutil.rmtree(folder, ignore_errors=True)
        for former in KEPT.glob(f"{recipe}-*"):
            shutil.rmtree(former)
        KEPT.mkdir(exist_ok=True)
        with (KEPT / f"{recipe}.log").open("wb") as log:
            names = ",".join(sorted(packages.split()))
            for words in (["base-root", arch, names, str(folder)], [recipe, str(folder)]):
                subprocess.run(["sh", RECIPES / words[0], *words[1:]], check=True, stdout=log, stderr=log, env=_env())


def _hash(arch: str, packages: str, recipe: str) -> str:
    told = hashlib.sha256(f"{arch} {packages}".encode())
    for name in (*SHARED, recipe, *OWN[recipe]):
        told.update((RECIPES / name).read_bytes())
    return told.hexdigest()[:8]


def _env() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
