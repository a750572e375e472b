"""A card that only reads: what the unit keeps lies elsewhere, and a cut leaves a machine that starts."""

import shutil
from pathlib import Path

import pytest

from tests.firmware.fake_machine import FIRMWARE, FakeMachine, moments, was_cut

READ_ONLY = FIRMWARE / "read-only"
FSTAB = "PARTUUID=1-01 /boot/firmware vfat defaults 0 2\nPARTUUID=1-02 / ext4 defaults,noatime 0 1\n"
CMDLINE = "console=tty1 root=PARTUUID=1-02 rootwait"


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    """A unit, with a partition that is a folder."""
    machine = FakeMachine(tmp_path / "machine")
    unit, boot = machine.root / "var/lib/poincon-unit", machine.root / "boot/firmware"
    (unit / "data").mkdir(parents=True)
    for name in ("unit.toml", "unit.key", "data/outbox.sqlite3"):
        (unit / name).write_text(name)
    boot.mkdir(parents=True)
    (boot / "cmdline.txt").write_text(CMDLINE + "\n")
    (boot / "config.txt").write_text("auto_initramfs=1\n")
    (machine.root / "etc").mkdir()
    (machine.root / "etc/fstab").write_text(FSTAB)
    partition = tmp_path / "machine" / "partition"
    partition.mkdir()
    machine.stand_in("blkid", "echo /dev/sda1\n")
    machine.stand_in("mktemp", f"echo {partition}\n")
    machine.stand_in("rmdir", "")
    return machine


def test_the_overlay_leaves_the_units_partition_alone(machine: FakeMachine, tmp_path: Path) -> None:
    for _ in range(2):
        assert machine.run(READ_ONLY, "on").returncode == 0
        assert (machine.root / "boot/firmware/cmdline.txt").read_text() == f"{CMDLINE} overlayroot=tmpfs:recurse=0\n"
        fstab = (machine.root / "etc/fstab").read_text()
        assert fstab.startswith(FSTAB)
        [line] = fstab.removeprefix(FSTAB).splitlines()
        assert line.split()[:3] == ["LABEL=poincon", "/var/lib/poincon-unit", "ext4"]
        assert {"nofail", "x-systemd.device-timeout=10s"} <= set(line.split()[3].split(","))
    partition = tmp_path / "machine" / "partition"
    assert sorted(path.name for path in partition.iterdir()) == ["data", "unit.key", "unit.toml"]
    assert machine.run(READ_ONLY, "off").returncode == 0
    assert (machine.root / "boot/firmware/cmdline.txt").read_text() == CMDLINE + "\n"


def test_the_unit_rests_while_its_memory_is_copied_and_goes_on_with_the_copy(
    machine: FakeMachine, tmp_path: Path
) -> None:
    """An event that it kept after the copy would be hidden under the mount."""
    outbox = machine.root / "var/lib/poincon-unit/data/outbox.sqlite3"
    machine.stand_in("systemctl", f"case $* in 'stop poincon-unit') echo last >{outbox} ;; esac\n")
    assert machine.run(READ_ONLY, "on").returncode == 0
    assert (tmp_path / "machine/partition/data/outbox.sqlite3").read_text() == "last\n"
    asked = [call.removeprefix("systemctl ") for call in machine.calls if call.startswith("systemctl")]
    mounted = r"start var-lib-poincon\x2dunit.mount"
    assert asked == ["stop poincon-unit", "daemon-reload", mounted, "start poincon-unit"]
    assert machine.run(READ_ONLY, "on").returncode == 0
    assert "systemctl stop poincon-unit" not in machine.calls, "it is on it already"


def test_a_unit_whose_memory_could_not_be_copied_goes_on(machine: FakeMachine) -> None:
    machine.stand_in("tar", "exit 1\n")
    assert machine.run(READ_ONLY, "on").returncode != 0
    assert machine.calls[-1] == "systemctl start poincon-unit"


def test_a_copy_that_fstab_does_not_know_is_made_again(machine: FakeMachine, tmp_path: Path) -> None:
    partition = tmp_path / "machine/partition"
    assert machine.run(READ_ONLY, "on").returncode == 0
    (machine.root / "etc/fstab").write_text(FSTAB)
    (partition / ".filling").touch()
    (machine.root / "var/lib/poincon-unit/data/outbox.sqlite3").write_text("told since")
    assert machine.run(READ_ONLY, "on").returncode == 0
    assert (partition / "data/outbox.sqlite3").read_text() == "told since"
    assert not (partition / ".filling").exists()


def test_what_the_partition_holds_already_is_kept(machine: FakeMachine, tmp_path: Path) -> None:
    partition = tmp_path / "machine" / "partition"
    (partition / "unit.toml").write_text("as it was")
    assert machine.run(READ_ONLY, "on").returncode == 0
    assert (partition / "unit.toml").read_text() == "as it was"


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("boot/firmware/config.txt", "auto_initramfs=1"),
        ("var/lib/poincon-unit/unit.toml", "no unit yet"),
        ("", "labelled"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_changed(machine: FakeMachine, lost: str, told: str) -> None:
    if lost:
        (machine.root / lost).write_text("") if "config" in lost else (machine.root / lost).unlink()
    else:
        machine.stand_in("blkid", "exit 2\n")
    done = machine.run(READ_ONLY, "on")
    assert done.returncode == 1
    assert told in done.stderr
    assert (machine.root / "boot/firmware/cmdline.txt").read_text() == CMDLINE + "\n"
    assert (machine.root / "etc/fstab").read_text() == FSTAB


def test_a_cut_anywhere_is_gone_on_from(machine: FakeMachine, tmp_path: Path) -> None:
    folder = tmp_path / "machine"
    shutil.copytree(folder, tmp_path / "before", symlinks=True)
    assert machine.run(READ_ONLY, "on", cut_at=0).returncode == 0
    steps, whole = machine.steps, machine.tree()
    for cut_at in moments(steps):
        for part in ("root", "partition"):
            shutil.rmtree(folder / part)
            shutil.copytree(tmp_path / "before" / part, folder / part, symlinks=True)
        assert was_cut(machine.run(READ_ONLY, "on", cut_at=cut_at)), cut_at
        assert (machine.root / "boot/firmware/cmdline.txt").read_text().startswith(CMDLINE), cut_at
        assert (machine.root / "etc/fstab").read_text().startswith(FSTAB), cut_at
        assert machine.run(READ_ONLY, "on").returncode == 0, cut_at
        assert machine.tree() == whole, cut_at
        held = {path.name: path.read_text() for path in (folder / "partition").iterdir() if path.is_file()}
        assert held == {"unit.toml": "unit.toml", "unit.key": "unit.key"}, cut_at


def test_wrong_use_is_told(machine: FakeMachine) -> None:
    for words in ([], ["maybe"], ["on", "off"]):
        assert machine.run(READ_ONLY, *words).returncode == 2
