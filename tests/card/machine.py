"""A QEMU machine under TCG: a root shell on its console, its monitor, its sockets, and a power cord to pull."""

import json
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.card.console import Console
from tests.patience import wait_until

VIRTIO_CONSOLE = ("-device", "virtio-serial", "-device", "virtconsole,chardev=console")
PROMPT = "root@"
BOOT_S = 1500.0
"""For the boot of a whole Debian under emulation: one to three minutes where the machine is quiet."""


class Machine:
    """`words` is a QEMU command line without its console, monitor and display; its sockets and logs are in `folder`.

    `console` are the words that connect the console to the character device of that name.
    It runs from the first moment; end it by `cut_power`.
    """

    def __init__(self, folder: Path, words: Sequence[str], console: Sequence[str] = VIRTIO_CONSOLE) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        for name in ("console", "qmp", "uart", "qtest"):
            (folder / f"{name}.sock").unlink(missing_ok=True)
        self.began_s = time.monotonic()
        with (folder / "qemu.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*words, *self._console_words(), *console, "-display", "none", "-no-reboot", "-nodefaults"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: self._is_reachable() or not self.is_on, why=self._qemu_log)
        if not self.is_on:
            raise RuntimeError(self._qemu_log())
        self.console = Console(folder / "console.sock", folder / "console.log")

    @property
    def is_on(self) -> bool:
        """Whether QEMU runs."""
        return self._process.poll() is None

    def boot(self) -> float:
        """Waits for the root shell; the seconds since power-on. Raises `TimeoutError` or `Gone`."""
        self.console.shell(PROMPT, BOOT_S)
        return time.monotonic() - self.began_s

    def wait_off(self, patience_s: float) -> None:
        """Waits until it has gone off, or would restart; raises `TimeoutError`."""
        wait_until(lambda: not self.is_on, patience_s=patience_s, why=lambda: "still on")
        self.console.close()

    def qmp(self, command: str, **arguments: object) -> Any:
        """The answer of QEMU's monitor; raises `RuntimeError` where it refuses."""
        with socket.socket(socket.AF_UNIX) as end:
            end.connect(str(self.folder / "qmp.sock"))
            with end.makefile("rw") as lines:
                lines.readline()
                _asked(lines, "qmp_capabilities", {})
                return _asked(lines, command, arguments)

    def object_of(self, kind: str) -> str:
        """The path of the one device of that type, such as `pl061`."""
        for entry in self.qmp("qom-list", path="/machine/unattached"):
            if entry["type"] == f"child<{kind}>":
                return f"/machine/unattached/{entry['name']}"
        raise LookupError(kind)

    def cut_power(self) -> None:
        """As pulling the plug: nothing in the guest is told, nothing cached in it survives."""
        self._process.kill()
        self._process.wait()
        self.console.close()

    def _is_reachable(self) -> bool:
        return all((self.folder / f"{name}.sock").exists() for name in ("console", "qmp"))

    def _console_words(self) -> list[str]:
        folder = self.folder
        words = ["-chardev", f"socket,id=console,path={folder}/console.sock,server=on,wait=off"]
        return [*words, "-qmp", f"unix:{folder}/qmp.sock,server=on,wait=off"]

    def _qemu_log(self) -> str:
        return (self.folder / "qemu.log").read_text("utf-8", "replace")[-800:]


def _asked(lines: Any, command: str, arguments: dict[str, object]) -> Any:
    lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
    lines.flush()
    while True:
        answer = json.loads(lines.readline())
        if "error" in answer:
            raise RuntimeError(f"{command}: {answer['error']}")
        if "return" in answer:
            return answer["return"]
