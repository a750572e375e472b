"""The boot partition of a flashed Raspberry Pi OS, as a laptop mounts it."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from server.errors import Refusal

CONFIG, COMMAND_LINE, ISSUE = "config.txt", "cmdline.txt", "issue.txt"
RASPBERRY_PI = "Raspberry Pi"
"""What the first line of `issue.txt` names."""

MOUNTED = "/boot/firmware"
"""Where Raspberry Pi OS has the partition, since Bookworm."""
BEGIN = f"{MOUNTED}/poincon/release/firmware-config/first-start/begin"

BY_THE_KERNEL = (
    f'systemd.run="/bin/sh {BEGIN} {MOUNTED}/poincon" systemd.run_success_action=reboot'
    " systemd.unit=kernel-command-line.target"
)
"""systemd-run-generator(8): one program, once, in a system that has nothing else; then the machine starts again."""

_FORMER = re.compile(r" systemd\.(run|run_success_action|unit)=(\"[^\"]*\"|\S+)")


@dataclass(frozen=True)
class BootPartition:
    """The folder where it is mounted."""

    folder: Path

    @property
    def has_cloud_init(self) -> bool:
        """Images since Trixie come with cloud-init, and with files for it to be filled in."""
        return any((self.folder / name).exists() for name in ("user-data", "meta-data", "network-config"))

    def check(self, *, wants_wifi: bool, has_program: bool) -> None:
        """Raises `Refusal` where this is no boot partition of Raspberry Pi OS, or it cannot do what is wanted of it."""
        missing = next((name for name in (CONFIG, COMMAND_LINE, ISSUE) if not (self.folder / name).is_file()), None)
        if missing is not None:
            raise Refusal("no_boot_partition", folder=self.folder, missing=missing)
        if RASPBERRY_PI not in (self.folder / ISSUE).read_text("utf-8", "replace"):
            raise Refusal("not_raspberry_pi_os", folder=self.folder)
        if wants_wifi and not self.has_cloud_init:
            raise Refusal("system_without_cloud_init", folder=self.folder)
        if not has_program and not self.has_cloud_init:
            raise Refusal("card_without_program", folder=self.folder)

    def forget(self, name: str) -> None:
        """Removes what an earlier card left in the folder `name`."""
        if (self.folder / name).is_dir():
            shutil.rmtree(self.folder / name)

    def start_by_the_kernel(self) -> None:
        """Adds to the kernel's command line, once, what starts the card where there is no cloud-init."""
        path = self.folder / COMMAND_LINE
        line = _FORMER.sub("", path.read_text("utf-8")).strip()
        beside = path.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:  # FAT knows no modes
            file.write(f"{line} {BY_THE_KERNEL}\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
