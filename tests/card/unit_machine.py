"""The emulated Pi: QEMU's "virt" with a reader on its UART, eight GPIO lines, a ring on SPI, a card, and one way out,
to the place on this machine.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from tests.card.apa102 import Apa102
from tests.card.device_tree import CLOCK_LINE, DATA_LINE, write_device_tree
from tests.card.disks import drive
from tests.card.gpio_lines import GpioLines
from tests.card.machine import Machine
from tests.card.place import CONTACT, FIRE, REX, TAMPER, Place
from tests.card.reader import Reader
from tests.card.roots import Root

CPU = ("-cpu", "cortex-a72", "-smp", "2", "-m", "1024")
PLACE_ADDRESS = "10.0.2.100"
LEDS = 12
AT_REST = {CONTACT: 0, REX: 1, TAMPER: 1, FIRE: 1}
"""The door is shut, nobody presses, the housing is closed, nothing burns."""


class UnitMachine(Machine):
    """One power-on of it; `disks` are its card: root, boot partition, and data partition where there is one."""

    def __init__(self, folder: Path, root: Root, disks: Sequence[Path], place: Place, more: Sequence[str] = ()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        tree = folder / "unit.dtb"
        write_device_tree(tree, CPU)
        words = ["qemu-system-aarch64", "-M", "virt", *CPU, "-accel", "tcg,thread=multi", "-dtb", str(tree)]
        words += ["-kernel", str(root.kernel), "-initrd", str(root.initrd), "-append"]
        words += [f"root=/dev/vda rw console=hvc0 quiet systemd.show_status=0 place={place.host}"]
        for nth, disk in enumerate(disks):
            words += drive(disk, f"disk{nth}")
        words += ["-netdev", network(place.ports), "-device", "virtio-net-pci,netdev=net,romfile="]
        words += ["-chardev", f"socket,id=uart,path={folder}/uart.sock,server=on,wait=off", "-serial", "chardev:uart"]
        words += ["-qtest", f"unix:{folder}/qtest.sock,server=on,wait=off", "-qtest-log", "none", *more]
        super().__init__(folder, words)
        self.ring = Apa102(LEDS, clock=CLOCK_LINE, data=DATA_LINE)
        self.lines = GpioLines(folder / "qtest.sock", self.object_of("pl061"), frozenset({CLOCK_LINE, DATA_LINE}))
        self.lines.watch = self.ring.edge
        for line, level in AT_REST.items():
            self.lines.set(line, level)
        self.reader = Reader(folder / "uart.sock")

    def cut_power(self) -> None:
        """As pulling the plug; what was at its lines is taken away too."""
        super().cut_power()
        self.lines.close()
        self.reader.close()

    def press(self, line: int, level: int, for_s: float) -> float:
        """Drives an input to `level` for so long, then back; the monotonic time at which it began."""
        since_s = time.monotonic()
        self.lines.set(line, level)
        time.sleep(for_s)
        self.lines.set(line, AT_REST[line])
        return since_s


def network(ports: Sequence[int]) -> str:
    """QEMU's words for a network that leads to these ports of this machine, and to nothing else."""
    ways = [f"guestfwd=tcp:{PLACE_ADDRESS}:{port}-cmd:socat STDIO TCP:127.0.0.1:{port}" for port in ports]
    return ",".join(["user", "id=net", "restrict=on", *ways])
