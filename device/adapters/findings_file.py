"""What a running unit finds, in a file: for `poincon-unit check`, which cannot look beside it."""

import os
from pathlib import Path

import msgspec

from device.contract.state import Finding

RUNTIME_DIRECTORY = Path("/run/poincon-unit")
"""Where systemd keeps it (`RuntimeDirectory=`), as long as the unit runs."""
NAME = "findings.json"


class UnitFindings(msgspec.Struct, frozen=True):
    """Which unit found it, in which process."""

    unit: str
    process: int
    findings: list[Finding]


def runtime_directory() -> Path | None:
    """The folder that systemd made for this very program; None where it was started by hand."""
    named = os.environ.get("RUNTIME_DIRECTORY")
    return Path(named) if named else None


def write_findings(folder: Path, unit: str, findings: list[Finding]) -> None:
    """Says what the unit finds now; raises `OSError`."""
    beside = folder / f".{NAME}"
    beside.write_bytes(msgspec.json.encode(UnitFindings(unit, os.getpid(), findings)))
    beside.replace(folder / NAME)


def read_findings(unit: str, folder: Path) -> UnitFindings | None:
    """What the unit of that name finds, where it runs now on this machine."""
    try:
        said = msgspec.json.decode((folder / NAME).read_bytes(), type=UnitFindings)
    except (OSError, msgspec.DecodeError):
        return None
    return said if said.unit == unit and _runs(said.process) else None


def _runs(process: int) -> bool:
    return Path(f"/proc/{process}").exists()
