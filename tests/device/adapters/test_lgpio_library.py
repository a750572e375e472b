"""The real lgpio, imported where a service stands: in a folder that nobody can write in."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UNWRITABLE = "/proc"
"""Not even by root."""

SAYS_WHERE = """
import os
from device.errors import HardwareFault
from device.hardware import pin_factory
try:
    pin_factory("lgpio").close()
except HardwareFault as fault:
    print(fault)
print(os.getcwd(), os.environ.get("LG_WD"), sep="\\n")
"""

needs_lgpio = pytest.mark.skipif(find_spec("lgpio") is None, reason="PyPI has no lgpio for this Python")


def run(**environment: str) -> list[str]:
    """The lines of a process that asks for real pins in a folder that nobody can write in."""
    done = subprocess.run(
        [sys.executable, "-c", SAYS_WHERE],
        cwd=UNWRITABLE,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@needs_lgpio
def test_pins_are_reached_from_a_folder_that_nobody_can_write_in() -> None:
    *fault, folder, pipes = run()
    assert all("lgd-nfy" not in line for line in fault)
    assert folder == UNWRITABLE
    assert not Path(pipes).exists()


@needs_lgpio
def test_the_folder_that_a_service_names_takes_the_pipe(tmp_path: Path) -> None:
    *_, folder, pipes = run(LG_WD=str(tmp_path))
    assert (folder, pipes) == (UNWRITABLE, str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == [".lgd-nfy0"]


@needs_lgpio
def test_a_machine_without_pins_is_a_fault_that_says_what_to_do() -> None:
    if not list(Path("/dev").glob("gpiochip*")):
        assert "install python3-lgpio and run on a Pi" in run()[0]
