"""A release: made the same each time, and placed beside what runs, whole or not at all."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.firmware.fake_machine import FIRMWARE, SEED, FakeMachine, fake_release, moments, seal, was_cut

MAKE = FIRMWARE / "make-release"
PLACE = f'set -eu; . "{FIRMWARE}/release-layout"; place_release "$1" device; switch_release "${{placed##*/}}"'


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path / "machine")


def placed(machine: FakeMachine, release: Path, cut_at: int | None = None) -> subprocess.CompletedProcess[str]:
    return machine.run("sh", "-c", PLACE, "place", release, cut_at=cut_at)


def test_wrong_use_is_told(tmp_path: Path) -> None:
    for words in ([], ["--no-wheels"], [tmp_path / "a", "b"], [tmp_path / "a", "--no-wheels", "more"]):
        done = subprocess.run([MAKE, *words], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr[:6]) == (2, "usage:")


def test_what_is_no_release_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = subprocess.run([MAKE, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is no release" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_the_same_files_make_the_same_release_whole_by_its_hashes(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHON": sys.executable, "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}
    told = [
        subprocess.run(
            [MAKE, tmp_path / name, "--no-wheels"], capture_output=True, text=True, check=True, env=environment
        ).stdout
        for name in ("one", "one")
    ]
    ids = {line.split()[0] for line in told}
    project = tomllib.loads((FIRMWARE.parent / "pyproject.toml").read_text())["project"]
    assert len(ids) == 1
    assert ids.pop().startswith(project["version"] + "-")
    release = tmp_path / "one"
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=release, check=True, capture_output=True)
    assert (release / "VERSION").read_text() == project["version"] + "\n"
    with zipfile.ZipFile(next(release.glob("poincon-*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {"device/cli.py", "server/i18n/translations/fr.po", "device/adapters/strike_driver.py"} <= names
    assert not [name for name in names if name.startswith(("tests/", "build/"))]


def test_a_release_is_what_runs_once_it_is_placed_and_switched_to(machine: FakeMachine, tmp_path: Path) -> None:
    release_id = fake_release(tmp_path / "release")
    assert placed(machine, tmp_path / "release").returncode == 0
    opt = machine.root / "opt" / "poincon"
    assert (opt / "current").readlink() == Path("releases") / release_id
    assert (opt / "bin" / "poincon-unit").is_file()
    copy = opt / "current" / "release"
    assert {str(path.relative_to(copy)) for path in copy.rglob("*")} == {
        str(path.relative_to(tmp_path / "release")) for path in (tmp_path / "release").rglob("*")
    }
    assert os.access(copy / "firmware-config" / "install", os.X_OK)
    assert (
        f"system-python -m venv --without-pip --system-site-packages {opt}/releases/{release_id}/venv" in machine.calls
    )
    before = machine.tree()
    assert placed(machine, tmp_path / "release").returncode == 0
    assert machine.tree() == before
    assert machine.calls.count("sync ") == 1, "the second time only the switch"


def test_without_wheels_pip_and_its_index_are_needed(machine: FakeMachine, tmp_path: Path) -> None:
    fake_release(tmp_path / "release", wheels=False)
    assert placed(machine, tmp_path / "release").returncode == 0
    assert any("-m pip install" in call and "--no-index" not in call for call in machine.calls)


def test_a_release_has_its_wheels_unless_one_wants_none(tmp_path: Path) -> None:
    """Of a Python that makes every wheel by a touch, and says what it was asked for."""
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\necho "$*" >>"$0.calls"\n'
        'case $3 in wheel) touch "$7/poincon-0.9.0-py3-none-any.whl" ;; download) touch "$8/a.whl" ;; esac\n'
    )
    python.chmod(0o755)
    for words, has in (([], True), (["--no-wheels"], False)):
        environment = {**os.environ, "PYTHON": str(python)}
        subprocess.run([MAKE, tmp_path / "out", *words], check=True, capture_output=True, env=environment)
        assert (tmp_path / "out" / "wheels").is_dir() is has


def test_with_wheels_the_index_is_never_asked(machine: FakeMachine, tmp_path: Path) -> None:
    fake_release(tmp_path / "release")
    broken = 'case $* in *-m*venv*) for v in "$@"; do :; done; mkdir -p "$v/bin"; cp "$0" "$v/bin/python" ;;'
    machine.stand_in("system-python", broken + " *) exit 1 ;; esac\n")
    assert placed(machine, tmp_path / "release").returncode != 0
    installs = [call for call in machine.calls if " install " in call]
    assert [" --no-index " in call for call in installs] == [True]
    assert not (machine.root / "opt" / "poincon" / "current").exists()


def test_a_server_of_another_kind_than_the_wheels_asks_the_index(machine: FakeMachine, tmp_path: Path) -> None:
    fake_release(tmp_path / "release")
    (tmp_path / "release/wheels/msgspec-0.20-cp313-cp313-manylinux_2_17_aarch64.whl").touch()
    seal(tmp_path / "release")
    machine.stand_in("uname", "echo x86_64\n")
    assert placed(machine, tmp_path / "release").returncode == 0
    assert any("-m pip install" in call and "--no-index" not in call for call in machine.calls)


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_release_that_is_not_whole_is_not_installed(machine: FakeMachine, tmp_path: Path, damage: str) -> None:
    fake_release(tmp_path / "release")
    wheel = next((tmp_path / "release").glob("poincon-*.whl"))
    if damage == "changed":
        wheel.write_text("a wheeL\n")
    else:
        wheel.unlink()
    assert placed(machine, tmp_path / "release").returncode != 0
    assert not (machine.root / "opt" / "poincon" / "current").exists()


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../outside", "-rf", "a b"])
def test_a_list_that_names_what_lies_elsewhere_is_refused(machine: FakeMachine, tmp_path: Path, name: str) -> None:
    fake_release(tmp_path / "release")
    with (tmp_path / "release" / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  {name}\n")
    done = placed(machine, tmp_path / "release")
    assert done.returncode != 0
    assert "is not a list of a release's files" in done.stderr


def test_files_that_a_computer_left_on_the_card_stay_there(machine: FakeMachine, tmp_path: Path) -> None:
    fake_release(tmp_path / "release")
    (tmp_path / "release" / "wheels" / "._pip-26.0-py3-none-any.whl").touch()
    (tmp_path / "release" / ".DS_Store").touch()
    assert placed(machine, tmp_path / "release").returncode == 0
    names = {path.name for path in (machine.root / "opt" / "poincon" / "current" / "release").rglob("*")}
    assert not names & {"._pip-26.0-py3-none-any.whl", ".DS_Store"}


def test_the_one_that_runs_and_the_one_before_are_kept(machine: FakeMachine, tmp_path: Path) -> None:
    ids = []
    for number in range(4):
        ids.append(fake_release(tmp_path / str(number), f"0.{number}.0"))
        assert placed(machine, tmp_path / str(number)).returncode == 0
    opt = machine.root / "opt" / "poincon"
    assert sorted(path.name for path in (opt / "releases").iterdir()) == ids[2:]
    assert (opt / "former").readlink().name == ids[2]
    assert placed(machine, tmp_path / "2").returncode == 0, "and back"
    assert ((opt / "current").readlink().name, (opt / "former").readlink().name) == (ids[2], ids[3])
    assert sorted(path.name for path in (opt / "releases").iterdir()) == ids[2:]


def test_a_root_that_only_reads_is_told_instead_of_forgetting(machine: FakeMachine, tmp_path: Path) -> None:
    fake_release(tmp_path / "release")
    (machine.root / "proc").mkdir()
    (machine.root / "proc" / "cmdline").write_text("console=tty1 overlayroot=tmpfs:recurse=0\n")
    done = placed(machine, tmp_path / "release")
    assert done.returncode != 0
    assert "read-only off" in done.stderr
    assert not (machine.root / "opt").exists()


def test_an_installation_of_before_the_releases_becomes_one(machine: FakeMachine, tmp_path: Path) -> None:
    opt = machine.root / "opt" / "poincon"
    for name in ("bin/poincon", "lib/python3.11/site-packages/old.py", "pyvenv.cfg"):
        (opt / name).parent.mkdir(parents=True, exist_ok=True)
        (opt / name).touch()
    fake_release(tmp_path / "release")
    assert placed(machine, tmp_path / "release").returncode == 0
    assert sorted(path.name for path in opt.iterdir()) == ["bin", "current", "releases"]
    assert (opt / "bin").is_symlink()


def test_a_cut_at_any_step_leaves_one_release_or_the_other_whole(machine: FakeMachine, tmp_path: Path) -> None:
    former = fake_release(tmp_path / "one", "0.1.0")
    new = fake_release(tmp_path / "two", "0.2.0")
    assert placed(machine, tmp_path / "one").returncode == 0
    shutil.copytree(machine.root, tmp_path / "start", symlinks=True)
    assert placed(machine, tmp_path / "two", cut_at=0).returncode == 0
    steps, whole = machine.steps, machine.tree()
    assert steps > 15
    for cut_at in moments(steps):
        shutil.rmtree(machine.root)
        shutil.copytree(tmp_path / "start", machine.root, symlinks=True)
        assert was_cut(placed(machine, tmp_path / "two", cut_at=cut_at)), (SEED, cut_at)
        opt = machine.root / "opt" / "poincon"
        assert (opt / "current").readlink().name in (former, new)
        assert (opt / "current" / "installed").read_text() == "device\n"
        assert (opt / "bin" / "poincon-unit").is_file()
        assert placed(machine, tmp_path / "two").returncode == 0
        assert machine.tree() == whole, (SEED, cut_at)


def test_a_release_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    first = fake_release(tmp_path / "release")
    (tmp_path / "release" / "VERSION").write_text("0.3.0\n")
    assert seal(tmp_path / "release") != first
