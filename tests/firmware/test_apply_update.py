"""root's updater: takes what the authority signed and nothing else, goes back, and survives a cut anywhere."""

import io
import shutil
import signal
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from server.site.certificates import new_authority
from server.updates import release
from server.updates.release import PackedRelease
from tests.firmware.fake_machine import SEED, moments
from tests.firmware.updated_machine import UpdatedMachine
from tests.releases import made_release

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


@pytest.fixture
def machine(tmp_path: Path) -> UpdatedMachine:
    return UpdatedMachine(tmp_path)


def test_a_release_that_does_well_stays(machine: UpdatedMachine) -> None:
    machine.lay_down()
    assert machine.run() == 0, machine.log.stderr
    assert machine.outcome == {"order": "c-1", "release": machine.packed.id, "result": "done"}
    assert (machine.current, machine.running) == (machine.packed.id, machine.packed.id)
    assert machine.asked == ["kill --kill-whom=main --signal=USR1 poincon-unit.service"]
    assert machine.leads_to_something_whole and machine.is_at_rest


def test_without_an_order_nothing_is_done(machine: UpdatedMachine) -> None:
    assert machine.run() == 0, machine.log.stderr
    assert (machine.outcome, machine.asked, machine.current) == ({}, [], machine.former)


@pytest.mark.parametrize(("ill", "why"), [("alarm reader", "alarm reader"), ("dead", "did_not_start")])
def test_a_release_that_does_not_do_well_goes_back_and_says_why(machine: UpdatedMachine, ill: str, why: str) -> None:
    (machine.root / "ill" / machine.packed.id).write_text(ill)
    machine.lay_down()
    assert machine.run() == 0, machine.log.stderr
    assert machine.outcome == {"order": "c-1", "release": machine.packed.id, "result": "went_back", "why": why}
    assert (machine.current, machine.running) == (machine.former, machine.former)
    assert machine.leads_to_something_whole and machine.is_at_rest


def test_a_door_that_never_rests_is_not_restarted(machine: UpdatedMachine) -> None:
    (machine.root / "stubborn").touch()
    machine.lay_down()
    assert machine.run() == 0, machine.log.stderr
    assert (machine.outcome["result"], machine.outcome["why"]) == ("went_back", "not_quiet")
    assert (machine.current, machine.running) == (machine.former, machine.former)
    assert not any(asked.startswith("restart") for asked in machine.asked)


def test_after_it_went_back_it_may_be_tried_again(machine: UpdatedMachine) -> None:
    ill = machine.root / "ill" / machine.packed.id
    ill.write_text("no_broker")
    machine.lay_down()
    machine.run()
    ill.unlink()
    machine.lay_down(order="c-2")
    machine.run()
    assert machine.outcome == {"order": "c-2", "release": machine.packed.id, "result": "done"}


def test_the_running_release_and_the_one_before_it_are_kept(machine: UpdatedMachine, tmp_path: Path) -> None:
    machine.lay_down()
    machine.run()
    newer = release.packed(made_release(tmp_path / "newer", "0.5.0", wheels=True), machine.site)
    machine.lay_down(newer)
    machine.run()
    kept = {path.name for path in (machine.root / "opt/poincon/releases").iterdir()}
    assert kept == {machine.packed.id, newer.id}


def test_nothing_is_installed_but_what_was_signed(machine: UpdatedMachine) -> None:
    machine.lay_down()
    machine.run()
    assert " --no-index " in (machine.root / "opt/poincon/current/venv/program").read_text()


def test_a_screen_has_its_libraries(machine: UpdatedMachine) -> None:
    (machine.root / "opt/poincon/current/installed").write_text("device,screen\n")
    machine.lay_down()
    machine.run()
    assert (machine.root / "opt/poincon/current/venv/program").read_text().endswith(".whl[device,screen]\n")


def signed_by_somebody_else(machine: UpdatedMachine) -> None:
    machine.lay_down(by=new_authority("elsewhere"))


def changed_on_its_way(machine: UpdatedMachine) -> None:
    machine.lay_down()
    with (machine.update / "archive").open("ab") as archive:
        archive.write(b"more")


def under_another_id(machine: UpdatedMachine) -> None:
    machine.lay_down(release="9.9.9-" + machine.packed.id[-8:])


def of_an_older_version(machine: UpdatedMachine) -> None:
    machine.lay_down(release.packed(made_release(machine.site / "old", "0.2.9"), machine.site))


def what_runs_already(machine: UpdatedMachine) -> None:
    machine.lay_down(release.packed(made_release(machine.site / "same", "0.3.0"), machine.site))


def a_link_to_a_secret(machine: UpdatedMachine) -> None:
    machine.lay_down()
    (machine.update / "archive").unlink()
    (machine.update / "archive").symlink_to("/etc/shadow")


def rubbish(machine: UpdatedMachine) -> None:
    machine.lay_down()
    (machine.update / "order").write_text('{"release": "../../etc"}')


def a_folder_for_an_order(machine: UpdatedMachine) -> None:
    (machine.update / "order" / "more").mkdir(parents=True)


def folders_for_all(machine: UpdatedMachine) -> None:
    a_folder_for_an_order(machine)
    (machine.update / "archive" / "more").mkdir(parents=True)


def without_what_it_depends_on(machine: UpdatedMachine) -> None:
    machine.lay_down(release.packed(made_release(machine.site / "bare", "0.5.0"), machine.site))


def without_space(machine: UpdatedMachine) -> None:
    (machine.root / "no-space").touch()
    machine.lay_down()


def on_a_root_that_keeps_nothing(machine: UpdatedMachine) -> None:
    (machine.root / "proc").mkdir()
    (machine.root / "proc/mounts").write_text("overlayroot / overlay rw,relatime 0 0\n")
    machine.lay_down()


@pytest.mark.parametrize(
    ("hand_over", "why"),
    [
        (signed_by_somebody_else, "signature"),
        (changed_on_its_way, "signature"),
        (under_another_id, "signature"),
        (of_an_older_version, "older"),
        (what_runs_already, "same"),
        (a_link_to_a_secret, "disk"),
        (rubbish, "archive"),
        (a_folder_for_an_order, "archive"),
        (folders_for_all, "archive"),
        (without_what_it_depends_on, "no_wheels"),
        (without_space, "install"),
        (on_a_root_that_keeps_nothing, "read_only"),
    ],
)
def test_what_is_refused_changes_nothing(
    machine: UpdatedMachine, hand_over: Callable[[UpdatedMachine], None], why: str
) -> None:
    hand_over(machine)
    assert machine.run() == 0, machine.log.stderr
    assert (machine.outcome["result"], machine.outcome["why"]) == ("refused", why)
    assert (machine.current, machine.running, machine.asked) == (machine.former, machine.former, [])
    assert [path.name for path in (machine.root / "opt/poincon/releases").iterdir()] == [machine.former]
    assert machine.is_at_rest


def entry(name: str, **more: object) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for field, value in more.items():
        setattr(made, field, value)
    return made


@pytest.mark.parametrize(
    "evil",
    [
        entry("release/../../../escaped"),
        entry("/escaped"),
        entry("elsewhere"),
        entry("release/link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        entry("release/hard", type=tarfile.LNKTYPE, linkname="release/VERSION"),
        entry("release/pipe", type=tarfile.FIFOTYPE),
        entry("release/unlisted"),
    ],
    ids=lambda evil: evil.name,
)
def test_an_archive_with_more_than_plain_files_is_refused_though_it_is_signed(
    machine: UpdatedMachine, evil: tarfile.TarInfo
) -> None:
    path = machine.site / "evil.tar.gz"
    with tarfile.open(machine.packed.path) as good, tarfile.open(path, "w:gz") as archive:
        for member in good:
            archive.addfile(member, good.extractfile(member))
        archive.addfile(evil, io.BytesIO())
    digest = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]
    machine.lay_down(PackedRelease(machine.packed.id, path, digest))
    assert machine.run() == 0, machine.log.stderr
    assert (machine.outcome["result"], machine.outcome["why"]) == ("refused", "archive")
    assert not list(machine.root.rglob("escaped")) and not Path("/escaped").exists()


def test_the_units_folder_may_not_lead_elsewhere(machine: UpdatedMachine, tmp_path: Path) -> None:
    machine.lay_down()
    machine.update.rename(tmp_path / "elsewhere")
    machine.update.symlink_to(tmp_path / "elsewhere")
    assert machine.run() == 0, machine.log.stderr
    assert machine.current == machine.former
    assert (tmp_path / "elsewhere" / "order").exists()


@pytest.mark.faults
@pytest.mark.parametrize("ill", [None, "no_ack"])
def test_killed_at_any_step_the_next_start_ends_in_one_of_the_two_whole(tmp_path: Path, ill: str | None) -> None:
    """Before a change of a file, or before a program is started: there the power goes."""
    machine, before = UpdatedMachine(tmp_path), tmp_path / "before"
    if ill is not None:
        (machine.root / "ill" / machine.packed.id).write_text(ill)
    machine.lay_down()
    shutil.copytree(machine.root, before, symlinks=True)
    assert machine.run() == 0
    for step in moments(machine.steps):
        shutil.rmtree(machine.root)
        shutil.copytree(before, machine.root, symlinks=True)
        assert machine.run(kill_at=step) == -signal.SIGKILL, (SEED, step)
        assert machine.leads_to_something_whole, (SEED, step)
        machine.boot()
        assert machine.run() == 0, (SEED, step, machine.log.stderr)
        assert machine.leads_to_something_whole and machine.is_at_rest, (SEED, step)
        assert machine.outcome["result"] == ("done" if ill is None else "went_back"), (SEED, step, machine.log.stderr)
        ends_on = machine.packed.id if ill is None else machine.former
        assert machine.running == machine.current == ends_on, (SEED, step)
