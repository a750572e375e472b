"""The device tree of QEMU's "virt" with what it lacks of a Pi, and without what is in the way."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

REVISION = "b03115"
"""A Pi 4's, which gpiozero asks for."""
CLOCK_LINE, DATA_LINE = 6, 7
"""The GPIO lines of the ring's SPI."""
SPI_HZ = 500_000


def write_device_tree(path: Path, cpu: Sequence[str]) -> None:
    """Writes the blob for a machine of these `-cpu`, `-smp` and `-m` words: SPI 0 by GPIO, and no power button."""
    subprocess.run(
        ["qemu-system-aarch64", "-M", f"virt,dumpdtb={path}", *cpu, "-display", "none"], check=True, capture_output=True
    )
    chip = _run("fdtget", "-t", "x", str(path), "/pl061@9030000", "phandle").strip()
    _run("fdtput", "-r", str(path), "/gpio-keys")  # it has line 3
    for node in ("/system", "/spi-gpio", "/spi-gpio/spidev@0"):
        _run("fdtput", "-p", "-c", str(path), node)
    _put(path, "/system", "linux,revision", "x", REVISION)
    _put(path, "/spi-gpio", "compatible", "s", "spi-gpio")
    _put(path, "/spi-gpio", "#address-cells", "x", "1")
    _put(path, "/spi-gpio", "#size-cells", "x", "0")
    _put(path, "/spi-gpio", "sck-gpios", "x", chip, str(CLOCK_LINE), "0")
    _put(path, "/spi-gpio", "mosi-gpios", "x", chip, str(DATA_LINE), "0")
    _put(path, "/spi-gpio", "num-chipselects", "x", "0")
    _put(path, "/spi-gpio/spidev@0", "compatible", "s", "rohm,dh2228fv")  # one of the names that spidev takes
    _put(path, "/spi-gpio/spidev@0", "reg", "x", "0")
    _put(path, "/spi-gpio/spidev@0", "spi-max-frequency", "x", f"{SPI_HZ:x}")


def _put(path: Path, node: str, name: str, kind: str, *values: str) -> None:
    _run("fdtput", "-t", kind, str(path), node, name, *values)


def _run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout
