"""A machine to install on: a folder as its root, stand-ins for the programs of the system, and a power that can be cut.

What the scripts do to files is real. A stand-in notes how it was called, and does no more than files show.
"""

import hashlib
import os
import random
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

FIRMWARE = Path(__file__).parents[2] / "firmware-config"
STRIKE_DRIVER = FIRMWARE.parent / "device" / "adapters" / "strike_driver.py"

NOTES = '#!/bin/sh\necho "${0##*/} $*" >>"$CALLS"\n'
STAND_INS = {
    **dict.fromkeys(
        (
            "systemctl",
            "useradd",
            "usermod",
            "apt-get",
            "apt-cache",
            "chown",
            "hostnamectl",
            "nft",
            "mount",
            "umount",
        ),
        "",
    ),
    "id": "case $1 in -u) echo 0 ;; *) exit 1 ;; esac\n",
    # who it is to be cannot be shown by files; the program itself is none
    "runuser": 'while [ "$1" != -- ]; do shift; done; shift; case $1 in sh) exec "$@" ;; esac\n',
    "getent": "",
    "dpkg-query": "echo 'install ok installed'\n",
    "sync": "",
    "ss": "echo LISTEN\n",
    "uname": "echo aarch64\n",
}
PYTHON = f"""\
case "$*" in
*"-m venv"*)
    for venv in "$@"; do :; done
    mkdir -p "$venv/bin"
    cp "$0" "$venv/bin/python"
    ;;
*install*)
    venv=${{0%/bin/python}}
    mkdir -p "$venv/lib/python3.11/site-packages/device/adapters"
    cp {STRIKE_DRIVER} "$venv/lib/python3.11/site-packages/device/adapters/"
    touch "$venv/bin/poincon" "$venv/bin/poincon-unit"
    ;;
*) exec {shutil.which("python3")} "$@" ;;
esac
"""
"""A Python whose virtual environments are made in no time."""

CUTTABLE = ("mkdir", "mv", "rm", "ln", "cp", "chmod", "tar", "install", "sync", "chown", "systemctl", "touch", "sed")
CUT = """\
#!/bin/sh
# Counts the steps of the machine, and cuts its power at one: what is written at that moment may be half there.
exec 9>>"$STEPS.lock"
flock 9
count=$(($(cat "$STEPS") + 1))
echo "$count" >"$STEPS"
PATH=${PATH#*:}
export PATH
if [ "$count" = "$CUT_AT" ]; then
    case ${0##*/} in
    install | cp | tar) timeout 0.001 "${0##*/}" "$@" ;;
    esac
    kill -9 0
fi
exec 9>&-
exec "${0##*/}" "$@"
"""

CUTS = int(os.environ.get("CUTS", "4"))
"""At how many of its steps a script is cut; the emulated Pi is cut at any moment."""
SEED = os.environ.get("SEED", "1")


class FakeMachine:
    """A root that scripts are run against."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self._stand_ins, self._cutters = folder / "bin", folder / "cut"
        self._calls, self._steps = folder / "calls", folder / "steps"
        (self.root / "run" / "systemd" / "system").mkdir(parents=True)
        for name, text in {**STAND_INS, "system-python": PYTHON}.items():
            program(self._stand_ins / name, NOTES + text)
        for name in CUTTABLE:
            program(self._cutters / name, CUT)

    def run(self, *words: str | Path, cut_at: int | None = None) -> subprocess.CompletedProcess[str]:
        """What came of a script; `cut_at` is the step at which the power fails, 0 to count the steps alone."""
        self._calls.write_text("")
        self._steps.write_text("0")
        path = f"{self._stand_ins}:{os.environ['PATH']}"
        if cut_at is not None:
            path = f"{self._cutters}:{path}"
        return subprocess.run(
            [str(word) for word in words],
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            env={
                "PATH": path,
                "ROOT": str(self.root),
                "BOOT": str(self.root / "boot" / "firmware"),
                "PYTHON": str(self._stand_ins / "system-python"),
                "CALLS": str(self._calls),
                "STEPS": str(self._steps),
                "CUT_AT": str(cut_at),
            },
        )

    @property
    def calls(self) -> list[str]:
        """How the programs of the system were called in the last run."""
        return self._calls.read_text().splitlines()

    @property
    def steps(self) -> int:
        """How many steps the last run had, up to the cut."""
        return int(self._steps.read_text())

    def stand_in(self, name: str, text: str) -> None:
        """Replaces the program of this name."""
        program(self._stand_ins / name, NOTES + text)

    def tree(self) -> dict[str, str]:
        """What lies under the root: each file with its mode and its hash, each link with where it leads."""
        return {str(path.relative_to(self.root)): what_is(path) for path in sorted(self.root.rglob("*"))}


def was_cut(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether a run ended by the power."""
    return done.returncode == -signal.SIGKILL


def moments(steps: int) -> list[int]:
    """At which of its steps a script is cut: the same for a `SEED`."""
    return random.Random(SEED).sample(range(1, steps + 1), min(CUTS, steps))


def program(path: Path, text: str) -> None:
    """Writes one that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def what_is(path: Path) -> str:
    """A line that tells whether two files are the same."""
    if path.is_symlink():
        return f"-> {path.readlink()}"
    if path.is_dir():
        return "folder"
    return f"{stat.S_IMODE(path.stat().st_mode):o} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def fake_release(folder: Path, version: str = "0.2.0", *, wheels: bool = True) -> str:
    """A release in all but its program, in `folder`; gives its id."""
    shutil.copytree(FIRMWARE, folder / "firmware-config")
    (folder / f"poincon-{version}-py3-none-any.whl").write_text("a wheel\n")
    (folder / "VERSION").write_text(version + "\n")
    if wheels:
        (folder / "wheels").mkdir()
        (folder / "wheels" / "pip-26.0-py3-none-any.whl").write_text("a wheel\n")
    return seal(folder)


def seal(release: Path) -> str:
    """Writes the list of its files anew; gives its id."""
    sums = release / "SHA256SUMS"
    sums.unlink(missing_ok=True)
    sums.write_text("".join(sorted(_sums(release))))
    return f"{(release / 'VERSION').read_text().strip()}-{hashlib.sha256(sums.read_bytes()).hexdigest()[:8]}"


def _sums(release: Path) -> Iterator[str]:
    for path in release.rglob("*"):
        if path.is_file():
            yield f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(release)}\n"
