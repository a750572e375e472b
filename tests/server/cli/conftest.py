"""A place of its own for each test of the command line, and a clock that stands still until it is told."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from device.contract.instant import Instant
from server.cli.program import poincon
from server.site.folder import SiteFolder

MONDAY_MORNING = Instant.parse("2026-11-23T08:14:05.000Z")
"""9:14 on the wall in Saint-Étienne."""


class CommandLine:
    """`poincon`, run as a person would, in a folder that `init` made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = MONDAY_MORNING
        self.language = "fr"

    @property
    def site(self) -> SiteFolder:
        """The place, its settings read anew."""
        return SiteFolder(self.folder)

    def run(self, *words: str, stdin: str | None = None) -> Result:
        """One command."""
        command = ["--lang", self.language, "-C", str(self.folder), *words]
        clock: Callable[[], Instant] = lambda: self.now  # noqa: E731
        return CliRunner().invoke(poincon, command, input=stdin, obj=clock, prog_name="poincon")

    def out(self, *words: str, stdin: str | None = None) -> str:
        """What a command prints that must succeed."""
        result = self.run(*words, stdin=stdin)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *words: str) -> Any:
        """The one document that a command prints with --json."""
        return json.loads(self.out(*words, "--json"))

    def refusal(self, *words: str, status: int = 1, stdin: str | None = None) -> str:
        """The one line that a refused command says."""
        result = self.run(*words, stdin=stdin)
        assert result.exit_code == status, result.output
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1
        return result.stderr.removeprefix("poincon: ").rstrip("\n")

    def set(self, old: str, new: str) -> None:
        """Changes a line of the settings."""
        path = self.folder / "poincon.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def later(self, **span: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**span)


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """A new place."""
    line = CommandLine(tmp_path / "place")
    result = line.run("init", str(line.folder), "--id", "here")
    assert result.exit_code == 0, result.output
    return line
