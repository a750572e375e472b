"""The systemd services: right as systemd sees them, and hard to misuse."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands import every_command
from tests.firmware.fake_machine import program

FIRMWARE = Path(__file__).parents[2] / "firmware-config"
FOLDERS = ("systemd", "display", "clock", "first-start")
SERVICES = sorted(path for folder in FOLDERS for path in FIRMWARE.glob(f"{folder}/poincon-*"))
LONG_RUNNING = ("poincon-unit.service", "poincon-server.service")
BY_CARDS = ("poincon-first-start.service",)
"""What is installed by another than `install`."""

EXPOSED = {
    "poincon-unit.service": 15,  # it needs its devices, and adjtimex
    "poincon-server.service": 15,
    "poincon-setup.service": 15,
    "poincon-time.service": 15,
    "poincon-display.service": 25,  # a browser, with a sandbox of its own
    "mosquitto.service": 25,
    "poincon-backup.service": 15,
    "poincon-replica.service": 15,
    "poincon-broker-reload.service": 15,
    "poincon-update.service": 25,  # root
}
"""Tenths of what `systemd-analyze security` says at most: 0 is a closed box, 100 none at all."""

DEBIANS_MOSQUITTO = """\
[Service]
Type=notify
ExecStart=/usr/sbin/mosquitto -c /etc/mosquitto/mosquitto.conf
ExecStartPre=/bin/mkdir -m 740 -p /var/log/mosquitto
"""
"""What matters of it; ours is put beside as a drop-in."""

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")


def test_no_service_but_what_installs_is_without_its_box() -> None:
    held = {path.name for path in SERVICES if path.suffix == ".service"} - set(BY_CARDS)
    assert held <= EXPOSED.keys(), "as root, with everything"


def runnable(service: Path, folder: Path) -> Path:
    """The same service, its programs replaced by one that is there: what is installed later is not looked for."""
    copy = folder / service.name
    text = re.sub(r"^(Exec\w+=[-+]*)/\S+", r"\1/bin/true", service.read_text(), flags=re.MULTILINE)
    copy.write_text(text)
    return copy


@needs_systemd
@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_systemd_finds_nothing_to_complain_of(service: Path, tmp_path: Path) -> None:
    for other in SERVICES:
        runnable(other, tmp_path)
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / service.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize(("name", "most"), EXPOSED.items())
def test_a_service_that_is_broken_into_can_do_little(name: str, most: int, tmp_path: Path) -> None:
    if name == "mosquitto.service":
        (tmp_path / name).write_text(DEBIANS_MOSQUITTO)
        shutil.copytree(FIRMWARE / "broker" / "mosquitto.service.d", tmp_path / "mosquitto.service.d")
    for service in SERVICES:
        runnable(service, tmp_path)
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={most}", str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_door_and_the_books_come_back_however_often_they_fall(name: str) -> None:
    lines = (FIRMWARE / "systemd" / name).read_text().splitlines()
    assert "Restart=always" in lines
    assert "StartLimitIntervalSec=0" in lines


def test_the_strike_is_secured_before_each_start_and_after_each_end() -> None:
    lines = (FIRMWARE / "systemd" / "poincon-unit.service").read_text().splitlines()
    for key in ("ExecStartPre", "ExecStopPost"):
        assert f"{key}=-+/usr/local/lib/poincon/secure-strike /var/lib/poincon-unit/unit.toml" in lines


def test_who_is_removed_is_cut_off_by_a_broker_that_starts_again() -> None:
    service = (FIRMWARE / "systemd" / "poincon-broker-reload.service").read_text().splitlines()
    assert "ExecStart=/usr/bin/systemctl --no-block try-restart mosquitto.service" in service
    watched = (FIRMWARE / "systemd" / "poincon-broker-reload.path").read_text().splitlines()
    assert "PathChanged=/var/lib/poincon/broker/revoked.crl" in watched


def test_the_server_is_watched_and_starts_once_a_place_is_made() -> None:
    server = (FIRMWARE / "systemd" / "poincon-server.service").read_text().splitlines()
    assert {"Type=notify", "WatchdogSec=90", "ConditionPathExists=/var/lib/poincon/poincon.toml"} <= set(server)
    setup = (FIRMWARE / "systemd" / "poincon-setup.service").read_text().splitlines()
    assert {"ConditionPathExists=!/var/lib/poincon/poincon.toml", "OnSuccess=poincon-server.service"} <= set(setup)
    path = (FIRMWARE / "systemd" / "poincon-server.path").read_text().splitlines()
    assert "PathChanged=/var/lib/poincon/poincon.toml" in path


def test_a_server_that_is_asked_for_while_its_place_is_being_made_waits_and_is_not_skipped(tmp_path: Path) -> None:
    """A start that is merged into one that is skipped would be lost."""
    service = (FIRMWARE / "systemd" / "poincon-server.service").read_text()
    assert "ExecCondition" not in service
    [waiting] = re.findall(r"^ExecStartPre=/bin/sh -c '(.*)'$", service, re.MULTILINE)
    stand_ins = {"systemctl": 'echo "$*" >>asked; [ $(wc -l <asked) -lt 3 ]', "sleep": ":"}
    for name, text in stand_ins.items():
        program(tmp_path / name, f"#!/bin/sh\n{text}\n")
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["/bin/sh", "-c", waiting], cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0
    assert (tmp_path / "asked").read_text().splitlines() == 3 * ["is-active --quiet poincon-setup.service"]


def test_a_unit_is_watched_and_does_not_wait_for_the_network() -> None:
    text = (FIRMWARE / "systemd" / "poincon-unit.service").read_text()
    assert "WatchdogSec=20" in text
    assert "Type=notify" in text
    assert "network" not in "".join(
        line for line in text.splitlines() if line.startswith(("After", "Wants", "Requires"))
    )


def test_a_unit_may_ask_the_kernel_about_its_clock() -> None:
    text = (FIRMWARE / "systemd" / "poincon-unit.service").read_text()
    assert "ProtectClock=" not in text
    assert "adjtimex" in text


def test_every_command_that_a_service_runs_exists() -> None:
    known = {entry.words for entry in every_command()}
    for service in SERVICES:
        for line in re.findall(r"/opt/poincon/bin/poincon (.*)", service.read_text()):
            assert re.sub(r"-C \S+ | /\S+", "", line).partition(" -")[0] in known


def test_every_file_that_the_read_mes_name_or_the_services_run_is_installed() -> None:
    install = (FIRMWARE / "install").read_text()
    for service in SERVICES:
        assert service.name in install or service.name in BY_CARDS
        for name in re.findall(r"/usr/local/lib/poincon/(\S+)", service.read_text()):
            assert f"/usr/local/lib/poincon/{name}" in install


def test_a_door_starts_though_the_partition_of_its_memory_is_dead() -> None:
    """What a service requires by these, systemd waits for, and does not start it without (systemd.unit(5))."""
    lines = (FIRMWARE / "systemd" / "poincon-unit.service").read_text().splitlines()
    requires = ("StateDirectory=", "LogsDirectory=", "CacheDirectory=", "WorkingDirectory=", "RequiresMountsFor=")
    assert [line for line in lines if line.startswith((*requires, "Requires=", "BindsTo=", "Requisite="))] == []


@needs_systemd
def test_a_stick_for_the_copy_is_mounted_when_it_is_put_in_and_is_the_servers(tmp_path: Path) -> None:
    mount = FIRMWARE / "systemd" / "media-copie.mount"
    lines = mount.read_text().splitlines()
    assert r"WantedBy=dev-disk-by\x2dlabel-COPIE.device" in lines
    [options] = [line.removeprefix("Options=").split(",") for line in lines if line.startswith("Options=")]
    assert {"uid=poincon", "gid=poincon", "dmask=0077", "nosuid", "nodev", "noexec"} <= set(options)
    shutil.copy(mount, tmp_path)
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / mount.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert mount.name in (FIRMWARE / "install").read_text()
    example = "file:///media/copie/poincon"
    for text in ("server/README.md", "server/site/settings_template.py"):
        assert example in (FIRMWARE.parent / text).read_text(), text
