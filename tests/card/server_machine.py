"""An emulated Pi that is a server: QEMU's "virt", its card, and ways in to its desk and its broker."""

from collections.abc import Sequence
from pathlib import Path

from tests.card.disks import drive
from tests.card.machine import Machine
from tests.card.roots import Root
from tests.card.unit_machine import CPU
from tests.mosquitto import free_port

HTTP, DESK, BROKER = 80, 8080, 8883


class ServerMachine(Machine):
    """One power-on of it; `ports` are this machine's, by the server's own."""

    def __init__(self, folder: Path, root: Root, disks: Sequence[Path]) -> None:
        self.ports = {inside: free_port() for inside in (HTTP, DESK, BROKER)}
        ways = [f"hostfwd=tcp:127.0.0.1:{outside}-:{inside}" for inside, outside in self.ports.items()]
        words = ["qemu-system-aarch64", "-M", "virt", *CPU, "-accel", "tcg,thread=multi"]
        words += ["-kernel", str(root.kernel), "-initrd", str(root.initrd), "-append"]
        words += ["root=/dev/vda rw console=hvc0 quiet systemd.show_status=0"]
        for nth, disk in enumerate(disks):
            words += drive(disk, f"disk{nth}")
        words += ["-netdev", ",".join(["user", "id=net", "restrict=on", *ways])]
        super().__init__(folder, [*words, "-device", "virtio-net-pci,netdev=net,romfile="])
