"""A unit's machine as the updater sees it: a root of its own, systemd and the unit played by a script of ten lines."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from server.site.certificates import Identity, new_authority
from server.updates import release
from server.updates.release import PackedRelease
from tests.releases import made_release

UPDATE = Path(__file__).parents[2] / "firmware-config" / "update"

SYSTEMCTL = """\
#!/bin/sh
# The unit's program ends when it is asked to and comes up again: as `current` says, well or as `ill` says.
cd "$ROOT"
case "$1" in
show) cat pid ;;
kill | restart)
    echo "$*" >>asked
    [ ! -e stubborn ] || [ "$1" = restart ] || exit 0
    sh ./boot
    ;;
esac
"""
BOOT = """\
#!/bin/sh
cd "$ROOT"
echo $(($(cat pid) + 1)) >pid
rm -f run/poincon-unit/healthy run/poincon-unit/unhealthy
release=$(basename "$(readlink opt/poincon/current)")
[ -e "opt/poincon/releases/$release/venv/program" ] || exit 0
if why=$(cat "ill/$release" 2>/dev/null); then
    [ "$why" = dead ] || echo "$release $why" >run/poincon-unit/unhealthy
else
    echo "$release" >run/poincon-unit/healthy
fi
"""
PYTHON = """\
#!/bin/sh
# A Python whose environments are made at once, and hold what pip was told to install.
case "$*" in
"-m venv "*) for venv in "$@"; do :; done && mkdir -p "$venv/bin" && cp "$0" "$venv/bin/python" ;;
*" install "*) [ ! -e "$ROOT/no-space" ] && echo "$*" >"$(dirname "$0")/../program" ;;
esac
"""
RUNNER = """\
import os, runpy, signal, sys
kill_at, steps = int(sys.argv[1]), 0
def at(event, args):
    global steps
    if event in ("os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir", "subprocess.Popen", "os.chmod") or (
        event == "open" and isinstance(args[1], str) and args[1][:1] in "wx"
    ):
        steps += 1
        if steps == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(at)
try:
    runpy.run_path(sys.argv[2], run_name="__main__")
finally:
    done = steps
    with open(sys.argv[3], "w") as file:
        file.write(str(done))
"""
"""Runs the updater, and kills it right before the step of that number: 0 for none. Writes down how many it had."""


class UpdatedMachine:
    """Runs the release `former`; `fetched` is what its unit then lays down."""

    def __init__(self, folder: Path) -> None:
        self.root, self.site, self._steps = folder / "root", folder / "site", folder / "steps"
        self.site.mkdir(parents=True)
        for name in ("run/poincon-unit", "var/lib/poincon-unit/update", "etc/poincon", "opt/poincon/releases", "ill"):
            (self.root / name).mkdir(parents=True)
        self.authority = new_authority("here")
        (self.root / "etc/poincon/authority.crt").write_bytes(self.authority.certificate)
        (self.root / "var/lib/poincon-unit/unit.toml").write_text('name = "front"\n')
        self.former = self._install(made_release(folder / "former", "0.3.0"))
        self.packed = release.packed(made_release(folder / "new", "0.4.0", wheels=True), self.site)
        self._programs(folder / "bin")
        (self.root / "pid").write_text("100\n")
        self.boot()

    def _install(self, folder: Path) -> str:
        made = release.id_of(folder)
        place = self.root / "opt/poincon/releases" / made
        shutil.copytree(folder, place / "release")
        (place / "venv").mkdir()
        (place / "venv/program").write_text("device\n")
        (place / "installed").write_text("device\n")
        (self.root / "opt/poincon/current").symlink_to(f"releases/{made}")
        return made

    def _programs(self, folder: Path) -> None:
        shutil.copytree(UPDATE, folder)
        shutil.copyfile(UPDATE.parent / "release-layout", folder / "release-layout")
        for name, text in (("systemctl", SYSTEMCTL), ("../root/boot", BOOT), ("runner", RUNNER), ("python", PYTHON)):
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        self.programs = folder

    def boot(self) -> None:
        """The machine starts, and the unit with it."""
        shutil.rmtree(self.root / "run/poincon-unit")  # /run is new at each start
        (self.root / "run/poincon-unit").mkdir()
        subprocess.run(["sh", self.root / "boot"], check=True, env=self._environment)

    def lay_down(self, packed: PackedRelease | None = None, *, by: Identity | None = None, **wrong: str) -> None:
        """What a unit hands over, signed by the authority or by somebody else; `wrong` replaces fields of the order."""
        packed = packed or self.packed
        shutil.copyfile(packed.path, self.update / "archive")
        signature = release.signature_of(packed, by or self.authority)
        order = {"order": "c-1", "release": packed.id, "signature": signature} | wrong
        (self.update / "order").write_text(json.dumps(order))

    def run(self, kill_at: int = 0) -> int:
        """The updater's exit status."""
        programs = (str(self.programs / name) for name in ("runner", "apply-update"))
        command = [sys.executable, "-IB", next(programs), str(kill_at), next(programs), str(self._steps)]
        self.log = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        return self.log.returncode

    @property
    def steps(self) -> int:
        """How many steps the last whole run of the updater had."""
        return int(self._steps.read_text())

    @property
    def update(self) -> Path:
        return self.root / "var/lib/poincon-unit/update"

    @property
    def current(self) -> str:
        return (self.root / "opt/poincon/current").readlink().name

    @property
    def running(self) -> str:
        """The release that the unit says it runs."""
        marks = [self.root / "run/poincon-unit" / name for name in ("healthy", "unhealthy")]
        return next((mark.read_text().split()[0] for mark in marks if mark.exists()), "")

    @property
    def asked(self) -> list[str]:
        """What systemd was asked for."""
        path = self.root / "asked"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def outcome(self) -> dict[str, Any]:
        path = self.root / "var/lib/poincon-update/outcome.json"
        return json.loads(path.read_text()) if path.exists() else {}

    @property
    def leads_to_something_whole(self) -> bool:
        place = self.root / "opt/poincon/current"
        return all((place / name).exists() for name in ("venv/program", "release/VERSION", "installed"))

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing of the update is left to do."""
        state = self.root / "var/lib/poincon-update/state.json"
        return not state.exists() and not (self.update / "order").exists()

    @property
    def _environment(self) -> dict[str, str]:
        path = f"{self.programs}:{os.environ['PATH']}"
        more = {"ROOT": str(self.root), "PATH": path, "PYTHON": str(self.programs / "python")}
        return {**os.environ, **more, "HEALTHY_S": "0", "QUIET_S": "0"}
