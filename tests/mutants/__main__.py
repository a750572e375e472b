"""`make mutants`: breaks one line at a time of the rules and of what no event may be lost in, and sees who notices."""

import io
import os
import random
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

import click
import pytest

from tests.mutants.breaks import Break, Module, parsed
from tests.mutants.known import EQUIVALENT
from tests.mutants.session import MutantSession

TARGETS: dict[str, tuple[str, ...]] = {
    "device/core": ("tests/device/core", "tests/device/units"),
    "device/journal": ("tests/device/journal", "tests/device/units"),
    "device/adapters/readers": ("tests/device/adapters/readers",),
    "server/core": (
        "tests/server/core",
        "tests/server/rooms/test_ical.py",
        "tests/server/accounts/test_accounts.py",
        "tests/server/presence/test_attendance.py",
    ),
    "server/formats": ("tests/server/formats",),
    "server/enrolment/card_session.py": ("tests/server/enrolment/test_card_session.py",),
    "server/enrolment/lent_reader.py": ("tests/server/enrolment/test_lent_reader.py",),
    "server/enrolment/session_run.py": ("tests/server/enrolment/test_session_run.py",),
    "server/enrolment/looking.py": ("tests/server/enrolment/test_enrolment.py",),
    "server/enrolment/badge_work.py": ("tests/server/enrolment/test_badge_work.py",),
    "server/enrolment/key_writing.py": (
        "tests/server/enrolment/test_enrolment.py",
        "tests/server/enrolment/test_key_writing.py",
    ),
    "server/site/key_words.py": ("tests/server/site/test_key_words.py",),
    "server/ingest/ingest.py": ("tests/server/ingest/test_ingest.py", "tests/server/accounts/test_accounts.py"),
}
"""What is broken, and the tests that mirror it."""
LOOKS = {
    f"device/core/lights/{name}.py"
    for name in ("receipt_ring", "light", "shapes", "door_ring", "room_ring", "room_use", "buzzer")
}
"""Their tables of colours, shapes and rhythms are a matter of taste (`hardware/`): only their functions are broken."""
VAIN_S = "3"
"""The patience of tests that are expected to wait in vain."""


@click.command()
@click.option("--sample", type=int, help="Only so many lines, picked by SEED.")
@click.option("--only", help="Only files whose path has this in it.")
@click.option("--by", multiple=True, help="Only by these tests, for whoever is at work on them.")
def main(sample: int | None, only: str | None, by: tuple[str, ...]) -> None:
    """Breaks comparisons, constants, operators, returned values and calls, one at a time; some 3,000 in all."""
    os.environ["PATIENCE_S"] = VAIN_S
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    click.echo(f"SEED={seed}")
    modules = [parsed(path) for path in _files(only)]
    lines = [line for module in modules for line in module.breaks() if line.function or str(module.path) not in LOOKS]
    if sample is not None:
        lines = sorted(random.Random(seed).sample(lines, min(sample, len(lines))), key=lines.index)
    survivors = tried(modules, lines, by or _mirrors(modules))
    known = [line for line in survivors if reason(line)]
    for line in sorted(survivors, key=str):
        click.echo(f"survives: {line}  | {_text(line)}" + (f"  (known: {reason(line)})" if reason(line) else ""))
    killed, counted = len(lines) - len(survivors), len(lines) - len(known)
    share = 100 * killed / max(1, counted)
    unexplained = len(survivors) - len(known)
    click.echo(f"{killed} of {counted} killed ({share:.1f} %), {unexplained} survive; {len(known)} are no different")
    sys.exit(1 if unexplained else 0)


def tried(modules: Sequence[Module], lines: Sequence[Break], tests: Sequence[str]) -> list[Break]:
    """Those that none of these tests noticed."""
    began_s = time.monotonic()

    def told(nth: int, line: Break, survives: bool) -> None:
        if survives or nth % 100 == 0:
            click.echo(f"{nth}/{len(lines)} {time.monotonic() - began_s:.0f} s" + (f" {line}" * survives), err=True)

    session = MutantSession(modules, lines, told)
    options = ["-q", "-s", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=0"]
    with redirect_stdout(io.StringIO()) as said:  # pytest would say that it ran no test
        status = pytest.main([*options, *tests], plugins=[session])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise click.ClickException(f"the tests could not be run: {said.getvalue()}")
    return session.survivors


def reason(line: Break) -> str | None:
    """Why no test can notice this one; None where one should."""
    return EQUIVALENT.get((str(line.path), _text(line), line.what))


def _mirrors(modules: Sequence[Module]) -> list[str]:
    paths = [str(module.path) for module in modules]
    targets = [target for target in TARGETS if any(path.startswith(target) for path in paths)]
    return list(dict.fromkeys(each for target in targets for each in TARGETS[target]))


def _text(line: Break) -> str:
    return line.path.read_text("utf-8").splitlines()[line.line - 1].strip()


def _files(only: str | None) -> list[Path]:
    files = [path for target in TARGETS for path in sorted(Path(target).rglob("*.py")) or [Path(target)]]
    return [path for path in files if only is None or only in str(path)]


if __name__ == "__main__":
    main()
