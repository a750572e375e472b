"""The server's time: handed out without a time server only once it was right, whatever the clock shows at the start."""

import os
from pathlib import Path

import pytest

from tests.firmware.fake_machine import FIRMWARE, FakeMachine

SHUTDOWN = 1_795_000_000
"""When chronyd wrote last, by the clock of that time."""
LOCAL = "chronyc local stratum 10"


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    machine = FakeMachine(tmp_path / "machine")
    machine.stand_in("chronyc", "")
    drift = machine.root / "var/lib/chrony/chrony.drift"
    for folder in (drift.parent, machine.root / "run/poincon-time"):
        folder.mkdir(parents=True)
    drift.touch()
    os.utime(drift, (SHUTDOWN, SHUTDOWN))
    return machine


def set_rtc(machine: FakeMachine, seconds: int) -> None:
    rtc = machine.root / "sys/class/rtc/rtc0/since_epoch"
    rtc.parent.mkdir(parents=True, exist_ok=True)
    rtc.write_text(f"{seconds}\n")


def served(machine: FakeMachine) -> list[str]:
    """The first words of what chronyc was told."""
    assert machine.run(FIRMWARE / "clock" / "serve-time").returncode == 0
    return [" ".join(call.split()[:2]) if "waitsync" in call else call for call in machine.calls if "chronyc" in call]


@pytest.mark.parametrize("rtc", [None, 1_000, SHUTDOWN])
def test_without_an_rtc_that_kept_its_time_a_time_server_is_waited_for(machine: FakeMachine, rtc: int | None) -> None:
    if rtc is not None:
        set_rtc(machine, rtc)
    assert served(machine) == ["chronyc waitsync", LOCAL]


def test_an_rtc_that_kept_its_time_is_enough(machine: FakeMachine) -> None:
    set_rtc(machine, SHUTDOWN + 60)
    assert served(machine) == [LOCAL]


def test_a_server_that_is_new_has_nothing_to_compare_its_rtc_with(machine: FakeMachine) -> None:
    set_rtc(machine, SHUTDOWN + 60)
    (machine.root / "var/lib/chrony/chrony.drift").unlink()
    assert served(machine) == ["chronyc waitsync", LOCAL]


def test_what_was_right_since_the_start_is_remembered_when_chronyd_is_started_again(machine: FakeMachine) -> None:
    assert served(machine) == ["chronyc waitsync", LOCAL]
    assert served(machine) == [LOCAL]


def test_nothing_is_served_while_no_time_server_answers(machine: FakeMachine) -> None:
    machine.stand_in("chronyc", "exit 1\n")
    assert machine.run(FIRMWARE / "clock" / "serve-time").returncode != 0
    assert LOCAL not in machine.calls
    assert not (machine.root / "run/poincon-time/right").exists()


def test_chronyd_is_not_told_to_serve_from_the_first_second() -> None:
    lines = (FIRMWARE / "clock" / "chrony" / "poincon.conf").read_text().splitlines()
    assert not [line for line in lines if line.startswith("local")]
