"""A card as the program makes it, put onto a machine as it is: the two sides agree on what lies where."""

import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from server.cards.card import CardSubject, MachineCard, unit_host
from server.cards.first_start import FirstStart, Wifi
from server.cards.release import release_in
from server.cards.writing import write_zip
from tests.firmware.fake_machine import FIRMWARE, FakeMachine, fake_release
from tests.server.cli.conftest import CommandLine


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path / "machine")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    fake_release(tmp_path / "release")
    return tmp_path / "release"


@pytest.fixture
def network(tmp_path: Path) -> CommandLine:
    """A place whose broker asks for certificates, with one door."""
    cli = CommandLine(tmp_path / "place")
    cli.out("init", str(cli.folder), "--host", "poincon.local")
    cli.out("unit", "add", "front", "--kind", "door")
    return cli


def flashed(machine: FakeMachine, system: str = "trixie") -> Path:
    """The boot partition of a Raspberry Pi OS that was just written."""
    boot, etc = machine.root / "boot" / "firmware", machine.root / "etc"
    boot.mkdir(parents=True)
    etc.mkdir()
    (boot / "config.txt").write_text("dtparam=audio=on\n")
    (boot / "cmdline.txt").write_text("console=serial0,115200 console=tty1 rootwait\n")
    (boot / "issue.txt").write_text("Raspberry Pi reference\n")
    if system == "trixie":
        (boot / "user-data").write_text("#cloud-config\n")
    (etc / "os-release").write_text(f"ID=debian\nVERSION_CODENAME={system}\n")
    (etc / "hosts").write_text("127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi\n")
    (etc / "hostname").write_text("raspberrypi\n")
    return boot


def first_start(machine: FakeMachine, boot: Path) -> str:
    """What the first start says to a person, having ended well."""
    script = boot / "poincon" / "release" / "firmware-config" / "first-start" / "first-start"
    done = machine.run("sh", script, boot / "poincon")
    journal = (boot / "poincon" / "journal.txt").read_text()
    assert done.returncode == 0, journal
    return journal


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize(
    ("words", "command"),
    [
        ((), "poincon card server --out card --release release"),
        (('ARGS=unit front --out "a b"',), 'poincon card unit front --out "a b" --release release'),
        (("PLACE=my place", "ARGS=unit front"), 'poincon -C "my place" card unit front --release release'),
    ],
)
def test_make_card_is_told_which_place_a_unit_is_of(words: tuple[str, ...], command: str) -> None:
    command_line = ["make", "--no-print-directory", "-n", "BIN=.", "card", *words]
    told_to_us = {"ARGS", "MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS", "PYTHON", "VENV"}  # by a make around us
    environment = {name: value for name, value in os.environ.items() if name not in told_to_us}
    done = subprocess.run(
        command_line, cwd=FIRMWARE.parent, capture_output=True, text=True, check=True, env=environment
    )
    assert f"./{command}" in [" ".join(line.split()) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("system", ["trixie", "bookworm"])
def test_a_units_card_makes_a_unit_on_either_system(
    network: CommandLine, machine: FakeMachine, release: Path, system: str
) -> None:
    boot = flashed(machine, system)
    network.out("card", "unit", "front", "--release", str(release), "--onto", str(boot))
    key = (boot / "poincon" / "unit" / "unit.key").read_bytes()
    assert "Étape 4 sur 4" in first_start(machine, boot)
    installed = machine.root / "var/lib/poincon-unit"
    assert (installed / "unit.key").read_bytes() == key
    assert 'name = "front"' in (installed / "unit.toml").read_text()
    assert (machine.root / "etc/hostname").read_text() == "poincon-front\n"
    assert not (boot / "poincon" / "unit" / "unit.key").exists()


def test_a_servers_card_makes_a_server(machine: FakeMachine, release: Path, tmp_path: Path) -> None:
    boot = flashed(machine)
    CommandLine(tmp_path).out("card", "server", "--release", str(release), "--onto", str(boot))
    first_start(machine, boot)
    assert (machine.root / "etc/hostname").read_text() == "poincon\n"


def test_a_screens_card_shows_its_page(machine: FakeMachine, release: Path, tmp_path: Path) -> None:
    boot = flashed(machine)
    url = "http://poincon.local/display"
    CommandLine(tmp_path).out("card", "display", url, "--release", str(release), "--onto", str(boot))
    first_start(machine, boot)
    assert (machine.root / "etc/poincon/display").read_text() == f"URL={url}\n"


def test_a_zip_copied_by_hand_makes_the_same_unit(network: CommandLine, machine: FakeMachine, release: Path) -> None:
    boot, folder = flashed(machine), network.folder / "units" / "front"
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    subject = CardSubject("unit", unit_host("front"), files)
    packed = io.BytesIO()
    write_zip(MachineCard(subject, release_in(release), FirstStart(wifi=Wifi("nous", "assez long"))), packed)
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(boot)
    first_start(machine, boot)
    assert (machine.root / "var/lib/poincon-unit/unit.crt").read_bytes() == files["unit.crt"]


def test_on_bookworm_the_kernels_line_names_a_program_that_is_on_the_card_and_takes_itself_off(
    machine: FakeMachine, release: Path, tmp_path: Path
) -> None:
    boot = flashed(machine, "bookworm")
    CommandLine(tmp_path).out("card", "server", "--release", str(release), "--onto", str(boot))
    [command] = (boot / "cmdline.txt").read_text().split('"')[1:2]
    shell, program, card = command.replace("/boot/firmware", str(boot)).split()
    assert machine.run(shell, program, card).returncode == 0
    assert (boot / "cmdline.txt").read_text() == "console=serial0,115200 console=tty1 rootwait\n"
    assert (machine.root / "etc/systemd/system/poincon-first-start.service").is_file()
