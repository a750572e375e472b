"""A card as it lies on the boot partition of a fake machine, which starts with it."""

import subprocess

from tests.firmware.fake_machine import FakeMachine, fake_release

UNIT = """\
name = "front"
kind = "door"
[broker]
host = "poincon.local"
tls = true
certificate = "unit.crt"

[[readers]]
side = "entry"
[pins]
strike = 17
"""
CARD = """\
format = 1
kind = "{kind}"
host = "{host}"
version = "0.2.0"
systems = ["bookworm", "trixie"]
machine = "aarch64"
"""


class Card:
    """The boot partition of a fake machine with a card of one kind copied onto it."""

    def __init__(self, machine: FakeMachine, kind: str, host: str) -> None:
        self.machine = machine
        self.boot = machine.root / "boot" / "firmware"
        self.folder = self.boot / "poincon"
        self.release = self.folder / "release"
        fake_release(self.release)
        self.text = CARD.format(kind=kind, host=host)
        if kind == "display":
            self.text += 'url = "http://poincon.local:8080/display"\n'
        if kind == "unit":
            (self.folder / "unit").mkdir()
            (self.folder / "unit" / "unit.toml").write_text(UNIT)
            for name in ("ca.crt", "unit.crt", "unit.key"):
                (self.folder / "unit" / name).write_text(f"{name} of {host}\n")
        (self.boot / "config.txt").write_text("dtparam=audio=on\n")
        (self.boot / "cmdline.txt").write_text("console=serial0,115200 console=tty1 rootwait\n")
        (machine.root / "etc").mkdir()
        (machine.root / "etc" / "os-release").write_text("ID=debian\nVERSION_CODENAME=trixie\n")
        (machine.root / "etc" / "hosts").write_text("127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi\n")
        (machine.root / "etc" / "hostname").write_text("raspberrypi\n")

    @property
    def text(self) -> str:
        """Of `card.toml`."""
        return (self.folder / "card.toml").read_text()

    @text.setter
    def text(self, text: str) -> None:
        (self.folder / "card.toml").write_text(text)

    @property
    def journal(self) -> str:
        """What a person reads on the partition."""
        path = self.folder / "journal.txt"
        return path.read_text() if path.exists() else ""

    def start(self, cut_at: int | None = None) -> subprocess.CompletedProcess[str]:
        """The power is switched on: nothing of the last start is in memory any more."""
        for left in (self.machine.root / "run").glob("poincon-first-start*"):
            left.unlink()
        script = self.release / "firmware-config" / "first-start" / "first-start"
        return self.machine.run("sh", script, self.folder, cut_at=cut_at)
