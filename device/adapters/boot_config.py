"""What the Pi's boot settings say of the strike's line."""

from pathlib import Path

BOOT_CONFIG = (Path("/boot/firmware/config.txt"), Path("/boot/config.txt"))
STRICT_GPIO = "dtparam=strict_gpiod"
"""With it the kernel takes a line back to rest when the program that drove it ends."""


def boot_config() -> Path | None:
    """The file of the Pi's boot settings; None on another machine."""
    return next((path for path in BOOT_CONFIG if path.exists()), None)


def is_strict(config: Path) -> bool:
    """Whether the settings in `config` have `STRICT_GPIO`."""
    return STRICT_GPIO in config.read_text("utf-8", "replace")
