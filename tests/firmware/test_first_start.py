"""The first start of a card: it ends installed wherever it was cut, and a card that is wrong does nothing at all."""

import shutil
import subprocess
from pathlib import Path

import pytest

from server.cards.boot_partition import BEGIN
from tests.firmware.boot_card import Card
from tests.firmware.fake_machine import FIRMWARE, SEED, FakeMachine, moments, seal, was_cut, what_is


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path / "machine")


@pytest.fixture
def unit(machine: FakeMachine) -> Card:
    return Card(machine, "unit", "poincon-front")


def settled(machine: FakeMachine) -> dict[str, str]:
    """What lies on the machine, but for what differs by how often it was started."""
    return {
        name: what
        for name, what in machine.tree().items()
        if not name.startswith("run/") and not name.endswith("poincon/journal.txt")
    }


def test_a_card_makes_a_unit_and_starts_it_anew_with_its_boot_lines(unit: Card) -> None:
    assert unit.start().returncode == 0
    root = unit.machine.root
    assert (root / "etc" / "hostname").read_text() == "poincon-front\n"
    assert (root / "etc" / "hosts").read_text() == "127.0.0.1\tlocalhost\n127.0.1.1\tpoincon-front\n"
    assert "gpio=17=op,dl" in (unit.boot / "config.txt").read_text()
    assert (root / "var/lib/poincon-unit/unit.key").read_text() == "unit.key of poincon-front\n"
    assert unit.machine.calls[-1] == "systemctl reboot"
    for step in ("Étape 1 sur 4", "Étape 4 sur 4", "Step 4 of 4"):
        assert step in unit.journal


def test_a_private_key_leaves_the_partition_that_every_computer_reads(unit: Card) -> None:
    unit.start()
    assert sorted(path.name for path in (unit.folder / "unit").iterdir()) == ["ca.crt", "unit.crt", "unit.toml"]
    (unit.folder / "unit" / "unit.key").write_text("unit.key of poincon-front\n")
    assert unit.start().returncode == 0
    assert not (unit.folder / "unit" / "unit.key").exists(), "copied once more by a careful person"


def test_a_card_that_is_done_does_nothing(unit: Card) -> None:
    unit.start()
    before, journal = settled(unit.machine), unit.journal
    assert unit.start().returncode == 0
    assert (settled(unit.machine), unit.journal) == (before, journal)
    assert not [call for call in unit.machine.calls if call.startswith("systemctl")]


def test_a_new_card_of_the_same_unit_is_installed(unit: Card) -> None:
    unit.start()
    for name in ("unit.crt", "unit.key"):
        (unit.folder / "unit" / name).write_text("renewed\n")
    assert unit.start().returncode == 0
    assert (unit.machine.root / "var/lib/poincon-unit/unit.key").read_text() == "renewed\n"
    assert not (unit.folder / "unit" / "unit.key").exists()
    assert unit.machine.calls[-1] == "systemctl start poincon-unit", "its boot lines are there"


def test_a_card_makes_a_server_that_waits_for_its_place(machine: FakeMachine) -> None:
    card = Card(machine, "server", "poincon")
    assert card.start().returncode == 0
    assert "Ouvrez http://poincon.local" in card.journal
    assert (machine.root / "opt/poincon/current/installed").read_text() == "server,replica\n"
    assert (machine.root / "etc/hostname").read_text() == "poincon\n"
    assert not any(call.startswith("runuser") for call in machine.calls)


def test_a_card_makes_a_screen(machine: FakeMachine) -> None:
    assert Card(machine, "display", "poincon-display").start().returncode == 0
    assert (machine.root / "etc/poincon/display").read_text() == "URL=http://poincon.local:8080/display\n"
    assert "systemctl restart poincon-display" in machine.calls


@pytest.mark.faults
@pytest.mark.parametrize(
    ("kind", "host"), [("unit", "poincon-front"), ("server", "poincon"), ("display", "poincon-tv")]
)
def test_a_first_start_that_is_cut_anywhere_ends_installed(tmp_path: Path, kind: str, host: str) -> None:
    machine = FakeMachine(tmp_path / "machine")
    card = Card(machine, kind, host)
    shutil.copytree(machine.root, tmp_path / "flashed", symlinks=True)
    assert card.start(cut_at=0).returncode == 0
    whole, steps = settled(machine), machine.steps
    for cut_at in moments(steps):
        shutil.rmtree(machine.root)
        shutil.copytree(tmp_path / "flashed", machine.root, symlinks=True)
        assert was_cut(card.start(cut_at=cut_at)), (SEED, cut_at)
        cut = settled(machine)
        halves = {name for name in cut.keys() & whole.keys() if is_half(name, cut[name], whole[name], card)}
        assert halves == set(), (SEED, cut_at)
        done = card.start()
        assert done.returncode == 0, (SEED, cut_at, done.stderr)
        assert settled(machine) == whole, (SEED, cut_at)


def is_half(name: str, now: str, whole: str, card: Card) -> bool:
    """Whether a file that something may read is neither as it was flashed nor as it is in the end."""
    if name.startswith("opt/poincon/releases/") or now == whole:
        return False  # what is placed counts once it is switched to
    flashed = card.machine.root.parent.parent / "flashed" / name
    return not flashed.exists() or what_is(flashed).split()[-1] != now.split()[-1]


def test_a_key_that_was_half_taken_off_is_not_installed(unit: Card) -> None:
    unit.start()
    (unit.machine.root / "var/lib/poincon-first-start/done").unlink()
    (unit.folder / "unit" / "unit.key").write_bytes(bytes(26))
    assert unit.start().returncode == 0
    assert (unit.machine.root / "var/lib/poincon-unit/unit.key").read_text() == "unit.key of poincon-front\n"


def damage_release(card: Card) -> None:
    (card.release / "firmware-config" / "install").write_text("#!/bin/sh\n")


def lose_key(card: Card) -> None:
    (card.folder / "unit" / "unit.key").unlink()


def lose_unit(card: Card) -> None:
    shutil.rmtree(card.folder / "unit")


def lose_card(card: Card) -> None:
    (card.folder / "card.toml").unlink()


def lose_release(card: Card) -> None:
    (card.release / "SHA256SUMS").unlink()


def be_newer(card: Card) -> None:
    card.text = card.text.replace("format = 1", "format = 2")


def be_of_32_bit(card: Card) -> None:
    card.machine.stand_in("uname", "echo armv7l\n")


def be_old(card: Card) -> None:
    (card.machine.root / "etc" / "os-release").write_text("VERSION_CODENAME=bullseye\n")


def be_a_server(card: Card) -> None:
    state = card.machine.root / "var" / "lib" / "poincon-first-start"
    state.mkdir(parents=True)
    (state / "is").write_text("server poincon\n")


def be_named_badly(card: Card) -> None:
    card.text = card.text.replace("poincon-front", "Poinçon ; reboot")


def be_debian(card: Card) -> None:
    for name in ("dpkg-query", "apt-cache"):
        card.machine.stand_in(name, "exit 1\n")


WRONG = {
    lose_card: ("il n'y a pas de poincon/card.toml", "Copy all of the folder"),
    lose_release: ("le dossier poincon/release n'est pas entier", "Copy all of the folder"),
    damage_release: ("un fichier est abîmé ou manque (firmware-config/install", "is damaged"),
    lose_unit: ("il n'y a pas de poincon/unit/unit.toml", "there is no poincon/unit"),
    lose_key: ("Faites une nouvelle carte", "Make a new card"),
    be_newer: ("n'est pas d'une carte que cette version connaît", "not of a card that this version knows"),
    be_of_32_bit: ("ce système est pour armv7l", "Raspberry Pi OS Lite (64-bit, Trixie)"),
    be_old: ("ce système (bullseye)", "none that the card knows"),
    be_a_server: ("cette machine est déjà « server poincon »", "It is the wrong folder"),
    be_named_badly: ("n'est pas un nom de machine", "is not a machine's name"),
    be_debian: ("ce système n'est pas le bon", "a unit needs Raspberry Pi OS"),
}
"""What may be wrong with a card or where it lies, and what the journal says of it."""


@pytest.mark.parametrize("fault", WRONG, ids=lambda fault: fault.__name__)
def test_a_card_that_is_wrong_says_what_to_do_and_does_nothing_half(unit: Card, fault: object) -> None:
    assert callable(fault)
    fault(unit)
    done = unit.start()
    assert done.returncode == 2, "no use in trying again"
    for words in WRONG[fault]:
        assert words in unit.journal
        assert words in done.stdout, "and on the console"
    root = unit.machine.root
    assert not (root / "opt").exists()
    assert not (root / "var" / "lib" / "poincon-first-start" / "done").exists()
    if fault is not be_debian:
        assert (root / "etc" / "hostname").read_text() == "raspberrypi\n"


def test_without_a_network_it_is_tried_again_and_told_once(unit: Card) -> None:
    unit.machine.stand_in("dpkg-query", "exit 1\n")
    unit.machine.stand_in("apt-get", "echo 'E: Could not resolve' >&2; exit 100\n")
    script = unit.release / "firmware-config" / "first-start" / "first-start"
    assert unit.start().returncode == 1
    assert unit.machine.run("sh", script, unit.folder).returncode == 1
    assert unit.journal.count("nouvel essai dans 30 secondes") == 1
    assert "(E: Could not resolve)" in unit.journal
    unit.machine.stand_in("dpkg-query", "echo 'install ok installed'\n")
    assert unit.machine.run("sh", script, unit.folder).returncode == 0


def test_files_that_a_computer_left_on_the_partition_are_no_fault(unit: Card) -> None:
    (unit.release / "._VERSION").touch()
    (unit.folder / ".DS_Store").touch()
    card_toml = unit.folder / "card.toml"
    card_toml.write_bytes(card_toml.read_bytes().replace(b"\n", b"\r\n"))
    unit_toml = unit.folder / "unit" / "unit.toml"
    unit_toml.write_bytes(unit_toml.read_bytes().replace(b"\n", b"\r\n"))
    assert unit.start().returncode == 0
    assert "NTP=poincon.local 0" in (unit.machine.root / "etc/systemd/timesyncd.conf.d/poincon.conf").read_text()


def test_cloud_init_begins_it_at_every_start(unit: Card) -> None:
    begin = unit.release / "firmware-config" / "first-start" / "begin"
    for _ in range(2):
        assert unit.machine.run("sh", begin, unit.folder).returncode == 0
        assert unit.machine.calls[-1] == "systemctl start --no-block poincon-first-start.service"
    units = unit.machine.root / "etc" / "systemd" / "system"
    link = units / "multi-user.target.wants" / "poincon-first-start.service"
    assert link.resolve() == units / "poincon-first-start.service"


def test_the_kernels_command_line_begins_it_where_there_is_no_cloud_init(unit: Card) -> None:
    line = "console=tty1 rootwait systemd.run={} systemd.run_success_action=reboot systemd.unit=x.target\n"
    begin = unit.release / "firmware-config" / "first-start" / "begin"
    for named in ("/boot/other", f'"/bin/sh {BEGIN} x"'):
        (unit.boot / "cmdline.txt").write_text(line.format(named))
        assert unit.machine.run("sh", begin, unit.folder).returncode == 0
        assert (unit.boot / "cmdline.txt").read_text() == "console=tty1 rootwait\n"
        assert not any(call.startswith("systemctl") for call in unit.machine.calls), "the machine starts anew instead"
    assert (unit.machine.root / "etc/systemd/system/multi-user.target.wants/poincon-first-start.service").exists()


def user_data() -> str:
    text = (FIRMWARE / "first-start" / "user-data").read_text()
    return text.replace("@HOST@", "poincon-front")


def test_cloud_init_is_told_to_run_it_at_every_start() -> None:
    yaml = pytest.importorskip("yaml")
    told = yaml.safe_load(user_data())
    assert user_data().startswith("#cloud-config\n")
    assert (told["hostname"], list(told)) == ("poincon-front", ["hostname", "manage_etc_hosts", "bootcmd"])
    [script] = told["bootcmd"]
    assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0
    network = yaml.safe_load((FIRMWARE / "first-start" / "network-config").read_text())
    assert network["network"]["version"] == 2


@pytest.mark.skipif(shutil.which("cloud-init") is None, reason="needs cloud-init, which would run on this machine too")
def test_cloud_init_understands_it(tmp_path: Path) -> None:
    (tmp_path / "user-data").write_text(user_data())
    done = subprocess.run(
        ["cloud-init", "schema", "--config-file", tmp_path / "user-data"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_folder_that_is_not_whole_is_told_by_cloud_init(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    [script] = yaml.safe_load(user_data())["bootcmd"]
    console = tmp_path / "console"
    script = script.replace("/boot/firmware", str(tmp_path)).replace("/dev/console", str(console))
    script = script.replace(">", ">>").replace("/var/lib", str(tmp_path))
    assert subprocess.run(["sh", "-c", script], check=False).returncode == 0
    assert "Copiez à nouveau" in console.read_text()


def test_another_release_on_the_card_is_another_card(unit: Card) -> None:
    unit.start()
    (unit.release / "VERSION").write_text("0.3.0\n")
    newer = seal(unit.release)
    assert unit.start().returncode == 0
    assert (unit.machine.root / "opt/poincon/current").readlink().name == newer


@pytest.mark.parametrize(
    ("renderer", "line"), [("NetworkManager", "link-local=3"), ("networkd", "LinkLocalAddressing=yes")]
)
@pytest.mark.skipif(not Path("/usr/libexec/netplan/generate").exists(), reason="needs netplan")
def test_a_network_without_dhcp_is_one_for_netplan(tmp_path: Path, renderer: str, line: str) -> None:
    (tmp_path / "etc/netplan").mkdir(parents=True)
    config = (FIRMWARE / "first-start" / "network-config").read_text().replace("version: 2", f"renderer: {renderer}")
    (tmp_path / "etc/netplan/50-cloud-init.yaml").write_text(config.replace("renderer:", "version: 2\n  renderer:"))
    (tmp_path / "etc/netplan/50-cloud-init.yaml").chmod(0o600)
    command = ["/usr/libexec/netplan/generate", "--root-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = [path.read_text() for path in (tmp_path / "run").rglob("*netplan-eth0*")]
    assert any(line in text for text in made)


def test_machines_find_one_another_where_nobody_gives_out_addresses() -> None:
    yaml = pytest.importorskip("yaml")
    network = yaml.safe_load((FIRMWARE / "first-start" / "network-config").read_text())["network"]["ethernets"]["eth0"]
    assert network["dhcp4"] is True and network["link-local"] == ["ipv4", "ipv6"]
    # NetworkManager's own numbers: enabled; for ever
    assert network["networkmanager"]["passthrough"] == {"ipv4.link-local": "3", "ipv4.dhcp-timeout": str(2**31 - 1)}
