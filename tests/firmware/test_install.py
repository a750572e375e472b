"""What makes a machine a server, a unit or a screen: the scripts, tried on files instead of a Pi."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from device.adapters import strike_driver
from device.adapters.boot_config import STRICT_GPIO
from device.contract.messages import UnitKind
from device.contract.unit_settings import wired
from server.site import unit_card
from server.site.settings import ServerSettings
from server.site.unit_card import unit_settings, unit_text
from tests.commands import every_command
from tests.firmware.fake_machine import FIRMWARE, FakeMachine, fake_release

SCRIPTS = [path for path in sorted(FIRMWARE.rglob("*")) if path.is_file() and path.read_text().startswith("#!/bin/sh")]


def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_plain_shell(script: Path) -> None:
    assert run("dash" if shutil.which("dash") else "sh", "-n", script).returncode == 0


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="needs shellcheck")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_none_of_the_shells_usual_faults(script: Path) -> None:
    done = run("shellcheck", "--severity=warning", "-x", "-P", "SCRIPTDIR", script)
    assert (done.returncode, done.stdout) == (0, "")


def test_wrong_use_is_told() -> None:
    for words in ([], ["door"], ["unit", "a", "b"], ["server", "x"], ["display"], ["display", "a", "b"]):
        done = run(FIRMWARE / "install", "--dry-run", *words)
        assert (done.returncode, done.stderr[:6]) == (2, "usage:")


def test_a_folder_without_a_unit_is_refused(tmp_path: Path) -> None:
    done = run(FIRMWARE / "install", "--dry-run", "unit", tmp_path)
    assert done.returncode == 1
    assert "poincon unit add" in done.stderr


@pytest.mark.parametrize("kind", ["server", "unit", "display"])
def test_everything_that_is_put_somewhere_exists(kind: str, tmp_path: Path) -> None:
    (tmp_path / "unit.toml").write_text(unit_text(unit_settings(ServerSettings(), "front", "door")))
    more = {"server": [], "unit": [str(tmp_path)], "display": ["http://server:8080/display"]}[kind]
    done = run(FIRMWARE / "install", "--dry-run", kind, *more)
    assert (done.returncode, done.stderr) == (0, "")
    sources = re.findall(rf"{re.escape(str(FIRMWARE))}/\S+", done.stdout)
    assert len(sources) >= 2
    for source in sources:
        assert Path(source).is_file(), source


DOOR = unit_text(unit_settings(ServerSettings(), "front", "door"))
ROOM = unit_text(unit_settings(ServerSettings(), "atelier", "room", "atelier"))
SCREEN = '\n[screen]\nbus = "i2c"\n'
CMDLINE = "console=serial0,115200n8 console=tty1 root=/dev/mmcblk0p2 rootwait\n"


def boot_lines(folder: Path, settings: str, config: str = "dtparam=audio=on\n", times: int = 1) -> list[str]:
    """The lines of config.txt after `add-lines` for a unit of these settings."""
    (folder / "unit.toml").write_text(settings)
    (folder / "config.txt").write_text(config)
    (folder / "cmdline.txt").write_text(CMDLINE)
    for _ in range(times):
        done = run(FIRMWARE / "boot" / "add-lines", folder, folder / "unit.toml")
        assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == ["cmdline.txt", "config.txt", "unit.toml"]
    return (folder / "config.txt").read_text().splitlines()


@pytest.mark.parametrize("end", ["\n", ""])
def test_the_boot_lines_are_added_once_and_the_rest_is_left(tmp_path: Path, end: str) -> None:
    once = boot_lines(tmp_path, DOOR, "dtparam=audio=on\n[pi4]\nmax_framebuffers=2" + end)
    assert once[:5] == ["dtparam=audio=on", "[pi4]", "max_framebuffers=2", "# poincon begin", "[all]"]
    assert once.count("dtparam=spi=on") == 1
    again = boot_lines(tmp_path, DOOR, "dtparam=audio=on\n[pi4]\nmax_framebuffers=2" + end, times=3)
    assert again == once


def test_the_console_leaves_the_port_of_a_reader(tmp_path: Path) -> None:
    boot_lines(tmp_path, DOOR)
    assert (tmp_path / "cmdline.txt").read_text() == "console=tty1 root=/dev/mmcblk0p2 rootwait\n"
    boot_lines(tmp_path, ROOM)
    assert (tmp_path / "cmdline.txt").read_text() == CMDLINE


@pytest.mark.parametrize(
    ("settings", "there", "missing"),
    [
        (DOOR, {"gpio=17=op,dl", "dtoverlay=uart3", STRICT_GPIO}, {"dtparam=i2c_arm=on"}),
        (DOOR.replace("strike_active_high = true", "strike_active_high = false"), {"gpio=17=op,dh"}, {"gpio=17=op,dl"}),
        (DOOR.replace("strike = 17", "strike = 6"), {"gpio=6=op,dl"}, {"gpio=17=op,dl"}),
        (ROOM, {STRICT_GPIO, "dtparam=spi=on"}, {"dtoverlay=uart3", "dtoverlay=uart2-pi5", "dtparam=i2c_arm=on"}),
        (ROOM + SCREEN, {"dtparam=i2c_arm=on"}, {"dtoverlay=uart3"}),
        (ROOM + SCREEN.replace("i2c", "spi"), {"dtparam=spi=on"}, {"dtparam=i2c_arm=on"}),
    ],
)
def test_a_unit_gets_the_boot_lines_of_what_it_has(
    tmp_path: Path, settings: str, there: set[str], missing: set[str]
) -> None:
    lines = set(boot_lines(tmp_path, settings))
    assert (there - lines, missing & lines) == (set(), set())


SERIAL, SECOND_SERIAL, SPI, I2C = {14, 15}, {4, 5}, {7, 8, 9, 10, 11}, {2, 3}
TAKEN = {"enable_uart=1": SERIAL, "dtoverlay=uart3": SECOND_SERIAL, "dtparam=spi=on": SPI, "dtparam=i2c_arm=on": I2C}
"""The GPIOs that a boot line takes (raspberrypi.com, configuration of config.txt)."""


@pytest.mark.parametrize("kind", ["door", "room", "desk"])
@pytest.mark.parametrize("screen", ["", SCREEN])
def test_no_pin_of_a_unit_is_taken_by_its_boot_lines(tmp_path: Path, kind: UnitKind, screen: str) -> None:
    settings = unit_settings(ServerSettings(), "one", kind, "atelier" if kind == "room" else None)
    lines = boot_lines(tmp_path, unit_text(settings) + screen)
    taken = set().union(*(pins for line, pins in TAKEN.items() if line in lines))
    assert set(wired(settings.pins).values()) & taken == set()


@pytest.mark.parametrize(("model", "port", "overlay"), [("pi4", "AMA3", "uart3"), ("pi5", "AMA2", "uart2-pi5")])
def test_the_second_reader_is_on_the_port_that_the_boot_lines_open(model: str, port: str, overlay: str) -> None:
    assert unit_card.PROFILES[model].readers == ("tty:AMA0:pn532", f"tty:{port}:pn532")
    lines = (FIRMWARE / "boot" / "readers.txt").read_text()
    assert f"dtoverlay={overlay}" in lines.partition(f"[{model}]")[2].partition("[")[0]


def test_the_program_runs_on_the_systems_python_which_its_user_may_read() -> None:
    assert "python=${PYTHON:-/usr/bin/python3}" in (FIRMWARE / "release-layout").read_text()


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A folder with a `python3` that tells what it was asked for, and what it is told."""
    program = tmp_path / "bin" / "python3"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$*"\ncat\n')
    program.chmod(0o755)
    return program.parent


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (("", ""), "gpio 17 high\n"),
        (("strike_active_high = true", "strike_active_high = false"), "gpio 17 low\n"),
        (("strike = 17", "strike = 6"), "gpio 6 high\n"),
        (("strike = 17\n", ""), ""),
    ],
)
def test_the_strike_is_put_to_rest_without_the_program(
    python: Path, tmp_path: Path, change: tuple[str, str], asked: str
) -> None:
    settings = tmp_path / "unit.toml"
    settings.write_text(unit_text(unit_settings(ServerSettings(), "front", "door")).replace(*change))
    script = FIRMWARE / "systemd" / "secure-strike"
    done = run(script, settings, PATH=f"{python}:{os.environ['PATH']}")
    program = f"-I -S {script.parent}/strike_driver.py "
    assert (done.returncode, done.stdout) == (0, program + asked if asked else "")


def test_a_strike_that_cannot_be_put_to_rest_is_told(tmp_path: Path) -> None:
    settings = tmp_path / "unit.toml"
    settings.write_text(
        unit_text(unit_settings(ServerSettings(), "front", "door")).replace("strike = 17", "strike = 9999")
    )
    shutil.copy(FIRMWARE / "systemd" / "secure-strike", tmp_path)
    shutil.copy(Path(strike_driver.__file__), tmp_path)
    done = run(tmp_path / "secure-strike", settings)
    assert done.returncode == 1
    assert "GPIO 9999 cannot be driven" in done.stderr


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path / "machine")


def unit_folder(folder: Path, settings: str = DOOR) -> Path:
    """What `poincon unit add` writes, in short."""
    folder.mkdir()
    (folder / "unit.toml").write_text(settings)
    for name in ("ca.crt", "unit.crt", "unit.key"):
        (folder / name).write_text(f"{name}\n")
    return folder


def installed(machine: FakeMachine, *words: str | Path) -> Path:
    """The root of the machine after an `install` of a release, which must go well."""
    if not (machine.root / "card").exists():
        fake_release(machine.root / "card" / "release")
    done = machine.run(machine.root / "card" / "release" / "firmware-config" / "install", *words)
    assert done.returncode == 0, done.stderr
    return machine.root


def test_a_unit_is_installed_from_a_release_and_its_folder(machine: FakeMachine, tmp_path: Path) -> None:
    root = installed(machine, "unit", unit_folder(tmp_path / "front"))
    unit = root / "var" / "lib" / "poincon-unit"
    assert {path.name: path.stat().st_mode & 0o777 for path in unit.iterdir()} == dict.fromkeys(
        ("unit.toml", "ca.crt", "unit.crt", "unit.key"), 0o600
    )
    assert "NTP=127.0.0.1 " in (root / "etc/systemd/timesyncd.conf.d/poincon.conf").read_text()
    driver = root / "usr" / "local" / "lib" / "poincon" / "strike_driver.py"
    assert driver.read_bytes() == Path(strike_driver.__file__).read_bytes()
    assert "systemctl try-restart systemd-timesyncd poincon-unit" in machine.calls
    assert {"systemctl enable nftables", "systemctl enable poincon-unit"} <= set(machine.calls)
    assert list(root.rglob("*.new")) == []


def test_an_install_may_be_run_again_and_leaves_the_same(machine: FakeMachine, tmp_path: Path) -> None:
    root = installed(machine, "unit", unit_folder(tmp_path / "front"))
    once = machine.tree()
    installed(machine, "unit", tmp_path / "front")
    assert machine.tree() == once
    shutil.rmtree(tmp_path / "front")
    installed(machine, "unit")
    assert machine.tree() == once, "a unit that is one already needs no folder"
    assert (root / "var" / "lib" / "poincon-unit" / "unit.key").read_text() == "unit.key\n"


def test_root_trusts_the_authority_of_the_folder_that_was_carried_here_and_never_the_units_own_copy(
    machine: FakeMachine, tmp_path: Path
) -> None:
    root = installed(machine, "unit", unit_folder(tmp_path / "front"))
    trusted = root / "etc" / "poincon" / "authority.crt"
    assert (trusted.read_text(), trusted.stat().st_mode & 0o777) == ("ca.crt\n", 0o644)
    assert "systemctl enable poincon-update.path poincon-update.service" in machine.calls
    updater = root / "usr" / "local" / "lib" / "poincon" / "update"
    assert sorted(path.name for path in updater.iterdir()) == ["apply-update", "fetched_release.py", "release-layout"]
    (root / "var" / "lib" / "poincon-unit" / "ca.crt").write_text("somebody else's\n")
    shutil.rmtree(tmp_path / "front")
    installed(machine, "unit")
    assert trusted.read_text() == "ca.crt\n"


@pytest.mark.parametrize("host", ["x/;e touch hurt;s/a", "a b", "$(touch hurt)", 'a"\\nhost = "b', "a\\"])
def test_a_host_that_is_no_name_of_a_machine_is_refused(machine: FakeMachine, tmp_path: Path, host: str) -> None:
    fake_release(tmp_path / "release")
    settings = DOOR.replace('host = "127.0.0.1"', f'host = "{host}"')
    folder = unit_folder(tmp_path / "front", settings.replace("\\n", "\n"))
    done = machine.run(tmp_path / "release" / "firmware-config" / "install", "unit", folder)
    assert (done.returncode, "no name or address" in done.stderr) == (1, True)
    assert not (machine.root / "opt").exists() and not (machine.root / "etc").exists()


def test_what_is_filled_into_a_file_is_no_program(machine: FakeMachine) -> None:
    steps = f'set -eu; dry= files="{FIRMWARE}"; . "{FIRMWARE}/machine-steps"; put_filled "$@"'
    value = "a&b\\1/;w /tmp/x"
    words = ("clock/timesyncd.conf.d/poincon.conf", "/etc/filled", "SERVER", value)
    done = machine.run("sh", "-c", steps, "steps", *words)
    assert (done.returncode, done.stderr) == (0, "")
    expected = (FIRMWARE / words[0]).read_text().replace("@SERVER@", value)
    assert (machine.root / "etc" / "filled").read_text() == expected


@pytest.mark.parametrize("path", ["/", "/../poincon-unit"])
def test_the_units_own_folder_is_known_by_any_path(machine: FakeMachine, tmp_path: Path, path: str) -> None:
    root = installed(machine, "unit", unit_folder(tmp_path / "front"))
    (root / "var/lib/poincon-unit/ca.crt").write_text("somebody else's\n")
    installed(machine, "unit", f"{root}/var/lib/poincon-unit{path}")
    assert (root / "etc/poincon/authority.crt").read_text() == "ca.crt\n"


def refused_folder(machine: FakeMachine, folder: Path) -> bool:
    """Whether an install of it changes nothing, and says why."""
    before = machine.tree()
    done = machine.run(machine.root / "card/release/firmware-config/install", "unit", folder)
    assert machine.tree() == before
    return done.returncode == 1 and "whom root trusts" in done.stderr


def test_a_folder_of_the_units_making_does_not_say_whom_root_trusts(machine: FakeMachine, tmp_path: Path) -> None:
    root = installed(machine, "unit", unit_folder(tmp_path / "front"))
    below = unit_folder(root / "var/lib/poincon-unit/new")
    assert refused_folder(machine, below)
    shutil.rmtree(below)
    (tmp_path / "front/ca.crt").rename(tmp_path / "another")
    (tmp_path / "front/ca.crt").symlink_to(tmp_path / "another")
    assert refused_folder(machine, tmp_path / "front")
    machine.stand_in("stat", "echo poincon-unit\n")
    assert refused_folder(machine, unit_folder(tmp_path / "back"))


def test_another_authority_is_told(machine: FakeMachine, tmp_path: Path) -> None:
    root = installed(machine, "unit", unit_folder(tmp_path / "front"))
    install = machine.root / "card/release/firmware-config/install"
    assert "believed another" not in machine.run(install, "unit", tmp_path / "front").stderr
    (tmp_path / "front/ca.crt").write_text("of a new place\n")
    assert "believed another" in machine.run(install, "unit", tmp_path / "front").stderr
    assert (root / "etc/poincon/authority.crt").read_text() == "of a new place\n"


def test_what_a_unit_lays_in_its_folder_leads_root_nowhere(machine: FakeMachine, tmp_path: Path) -> None:
    unit, elsewhere = machine.root / "var/lib/poincon-unit", tmp_path / "elsewhere"
    unit.mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "mine").write_text("as it was\n")
    (unit / "unit.toml.new").symlink_to(elsewhere)
    (unit / "unit.key.new").symlink_to(elsewhere / "mine")
    (unit / "unit.crt").symlink_to(elsewhere)
    installed(machine, "unit", unit_folder(tmp_path / "front"))
    assert {path.name: path.read_text() for path in elsewhere.iterdir()} == {"mine": "as it was\n"}
    assert (unit / "unit.crt").read_text() == "unit.crt\n" and not (unit / "unit.crt").is_symlink()
    chowned = [call for call in machine.calls if call.startswith("chown ") and str(unit) + "/" in call]
    written = [call for call in machine.calls if call.startswith("runuser -u poincon-unit -- sh ")]
    assert (chowned, len(written)) == ([], 4), "root gives nothing away in there"


def test_a_room_with_a_screen_has_what_drives_it(machine: FakeMachine, tmp_path: Path) -> None:
    root = installed(machine, "unit", unit_folder(tmp_path / "atelier", ROOM + SCREEN))
    assert (root / "opt" / "poincon" / "current" / "installed").read_text() == "device,screen\n"


def test_a_unit_needs_raspberry_pi_os(machine: FakeMachine, tmp_path: Path) -> None:
    fake_release(tmp_path / "release")
    for name in ("dpkg-query", "apt-cache"):
        machine.stand_in(name, "exit 1\n")
    done = machine.run(tmp_path / "release" / "firmware-config" / "install", "unit", unit_folder(tmp_path / "front"))
    assert done.returncode == 3
    assert "Raspberry Pi OS" in done.stderr
    assert not (machine.root / "opt").exists()


def test_a_server_without_a_place_opens_the_page_that_makes_one(machine: FakeMachine) -> None:
    installed(machine, "server")
    assert not any(call.startswith("runuser") for call in machine.calls)
    assert "systemctl stop mosquitto" in machine.calls, "it must not run on a file of its own"
    assert machine.calls.index("systemctl stop mosquitto") < machine.calls.index("systemctl restart poincon-setup")


@pytest.mark.parametrize("kind", ["server", "unit"])
def test_systems_are_upgraded_by_night_and_no_two_doors_at_once(
    machine: FakeMachine, tmp_path: Path, kind: str
) -> None:
    times = set()
    for name in ("front", "back", "garden"):
        folder = unit_folder(tmp_path / name, DOOR.replace('name = "front"', f'name = "{name}"'))
        root = installed(machine, *(("unit", folder) if kind == "unit" else ("server",)))
        text = (root / "etc" / "apt" / "apt.conf.d" / "52poincon").read_text()
        times.update(re.findall(r'Automatic-Reboot-Time "(.*)"', text))
    if kind == "server":
        assert times == {"03:00"}
    else:
        assert len(times) == 3
        assert all("03:30" <= time <= "04:25" for time in times)


@pytest.mark.skipif(shutil.which("apt-config") is None, reason="needs apt")
def test_apt_understands_what_it_is_told(tmp_path: Path) -> None:
    text = (FIRMWARE / "upgrades" / "apt.conf.d" / "52poincon").read_text().replace("@TIME@", "03:35")
    (tmp_path / "apt.conf").write_text('Unattended-Upgrade::Origins-Pattern { "origin=*"; };\n' + text)
    done = run("apt-config", "dump", APT_CONFIG=str(tmp_path / "apt.conf"))
    assert 'Unattended-Upgrade::Automatic-Reboot-Time "03:35";' in done.stdout
    origins = re.findall(r'Origins-Pattern:: "(.*)";', done.stdout)
    assert len(origins) == 2
    assert all("Debian-Security" in origin for origin in origins)


def test_a_name_of_mdns_is_looked_up_by_mdns(machine: FakeMachine, tmp_path: Path) -> None:
    installed(machine, "unit", unit_folder(tmp_path / "front"))
    assert not any("libnss-mdns" in call for call in machine.calls)
    named = DOOR.replace('host = "127.0.0.1"', 'host = "poincon.local"')
    installed(machine, "unit", unit_folder(tmp_path / "back", named))
    assert any("libnss-mdns" in call for call in machine.calls)


def test_a_unit_without_internet_does_without_what_is_only_better(machine: FakeMachine, tmp_path: Path) -> None:
    machine.stand_in("dpkg-query", "case $* in *nftables* | *upgrades*) exit 1 ;; esac; echo 'install ok installed'\n")
    machine.stand_in("apt-get", "exit 100\n")
    root = installed(machine, "unit", unit_folder(tmp_path / "front"))
    assert (root / "opt" / "poincon" / "current").exists()


def test_a_server_makes_its_place_and_is_started(machine: FakeMachine) -> None:
    installed(machine, "server", "--host", "poincon.local", "--id", "lavigne", "--name", "La Vigne")
    program = machine.root / "opt" / "poincon" / "bin" / "poincon"
    place = machine.root / "var" / "lib" / "poincon"
    arguments = "--host poincon.local --id lavigne --name La Vigne"
    assert f"runuser -u poincon -- {program} init {place} {arguments}" in machine.calls
    assert "systemctl restart mosquitto poincon-server poincon-replica" in machine.calls


def test_a_place_that_could_not_be_made_is_a_failure(machine: FakeMachine, tmp_path: Path) -> None:
    fake_release(tmp_path / "release")
    machine.stand_in("runuser", "echo 'poincon: no' >&2; exit 1\n")
    done = machine.run(tmp_path / "release" / "firmware-config" / "install", "server", "--host", "x")
    assert (done.returncode, done.stderr) == (1, "poincon: no\n")


@pytest.mark.skipif(shutil.which("nft") is None or os.geteuid() != 0, reason="needs nft and root")
@pytest.mark.parametrize("kind", ["unit", "server"])
def test_the_firewall_is_understood(kind: str) -> None:
    done = run("nft", "--check", "--file", FIRMWARE / "firewall" / f"{kind}.nft")
    if "Operation not permitted" in done.stderr:
        pytest.skip("the kernel here has no nftables")
    assert (done.returncode, done.stderr) == (0, "")


def test_every_folder_has_a_read_me_that_names_its_files() -> None:
    folders = sorted(path for path in FIRMWARE.iterdir() if path.is_dir())
    index = (FIRMWARE / "contents.md").read_text()
    for folder in folders:
        text = (folder / "README.md").read_text()
        assert f"({folder.name}/README.md)" in index
        for path in folder.rglob("*"):
            if path.is_file() and path.name != "README.md":
                name = path.name if path.parent == folder else str(path.relative_to(folder))
                assert f"`{name}`" in text or f"{path.stem}`" in text, path


def test_every_command_that_the_read_mes_tell_to_run_exists() -> None:
    known = {entry.words for entry in every_command()}
    for path in FIRMWARE.rglob("*.md"):
        for words in re.findall(r"(?<!-u )\bpoincon (?:-C \S+ )?([a-z]+(?: [a-z]+)?)", path.read_text()):
            assert words in known or words.split()[0] in known, (path, words)
