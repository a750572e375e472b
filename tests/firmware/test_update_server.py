"""A server's update and its way back, with the real commands of the place; systemd and the newer program are played."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from server.backups import sealing
from server.site import folder as sites
from server.site.folder import SiteFolder
from server.site.settings import SiteSettings
from server.store.database import open_database
from server.store.people import members
from server.updates import release
from tests.contract_client import now
from tests.releases import made_release

ROOT = Path(__file__).parents[2]
UPDATE_SERVER = ROOT / "firmware-config" / "update" / "update-server"
START = "start --no-block poincon-server"

PROGRAMS = {
    "id": 'case "$1" in -u) echo 0 ;; esac\n',
    "runuser": 'shift 3\nexec "$@"\n',
    "chown": "",
    "sync": "",
    # A server of the newer program brings the books up when it starts, as this one does it: a copy first.
    "systemctl": """\
echo "$*" >>"$ROOT/asked"
case "$*" in
"start "*poincon-server)
    if [ -e "$ROOT/crashes" ] && [ "$(readlink "$ROOT/opt/poincon/current")" = "releases/$(cat "$ROOT/crashes")" ]; then
        [ "$2" = --no-block ] || exit 1 # systemd waits for a READY that does not come
    fi
    at=$(cat "$ROOT/at-the-start" 2>/dev/null || true)
    rm -f "$ROOT/at-the-start"
    eval "$at"
    [ ! -e "$ROOT/opt/poincon/current/brings-up" ] || {sys_executable} "$ROOT/bring-up" ;;
esac
""",
    # A Python whose environments hold nothing but this checkout's program.
    "python": """\
case "$1 $2" in
"-m venv")
    mkdir -p "$4/bin"
    cp "$0" "$4/bin/python"
    printf '#!/bin/sh\\nexec env PYTHONPATH={root} {sys_executable} -m server "$@"\\n' >"$4/bin/poincon"
    chmod +x "$4/bin/poincon"
    ;;
"-m pip") ;;
*) exec {sys_executable} "$@" ;;
esac
""",
}
BRING_UP = """\
import os, sqlite3, shutil, pathlib
place = pathlib.Path(os.environ["ROOT"]) / "var/lib/poincon"
shutil.copyfile(place / "books.sqlite3", place / "books.before-99.sqlite3")
with sqlite3.connect(place / "books.sqlite3") as db:
    db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('poincon', 'of tomorrow', '')")
"""


class Machine:
    """Runs the release `former`, and answers at `/healthz` while one of `well` runs."""

    def __init__(self, folder: Path) -> None:
        self.root, self.bin = folder / "root", folder / "bin"
        self.place, self.backups = self.root / "var/lib/poincon", self.root / "var/backups/poincon"
        self.backups.mkdir(parents=True)
        self._made_programs()
        self.former = self._placed(made_release(folder / "former", "0.3.0"))
        self.newer = made_release(folder / "newer", "0.4.0")
        self.id = release.id_of(self.newer)
        self.well = {self.former, self.id}
        self.web = HTTPServer(("127.0.0.1", 0), _answering(self))
        Thread(target=self.web.serve_forever, daemon=True).start()
        self._made_place()

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        path = f"{self.bin}:{os.environ['PATH']}"
        more = {"ROOT": str(self.root), "PATH": path, "PYTHON": str(self.bin / "python"), "HEALTHY_S": "1"}
        command = [str(word) for word in (UPDATE_SERVER, *words)]
        return subprocess.run(command, env={**os.environ, **more}, capture_output=True, text=True, check=False)

    def poincon(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the release that runs."""
        command = [str(self.root / "opt/poincon/bin/poincon"), "--lang", "en", "-C", str(self.place), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    @property
    def current(self) -> str:
        return (self.root / "opt/poincon/current").readlink().name

    @property
    def asked(self) -> list[str]:
        path = self.root / "asked"
        return path.read_text().splitlines() if path.exists() else []

    def brings_up(self) -> None:
        """The newer release changes the books when it starts."""
        (self.root / "bring-up").write_text(BRING_UP)
        folder = self.root / "opt/poincon/releases" / self.id
        folder.mkdir()
        (folder / "installed").write_text("server\n")
        shutil.copytree(self.newer, folder / "release")
        shutil.copytree(self.root / "opt/poincon/current/venv", folder / "venv")
        (folder / "brings-up").touch()

    def at_the_start(self, what: str) -> None:
        """Shell that systemd's stand-in runs once, when the newer server is started."""
        (self.root / "at-the-start").write_text(what)

    def program(self, name: str, text: str) -> None:
        """A stand-in for a program of the system."""
        path = self.bin / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}")
        path.chmod(0o755)

    def _made_programs(self) -> None:
        for name, text in PROGRAMS.items():
            self.program(name, text.replace("{root}", str(ROOT)).replace("{sys_executable}", sys.executable))

    def _placed(self, folder: Path) -> str:
        made = release.id_of(folder)
        opt = self.root / "opt/poincon"
        place = opt / "releases" / made
        shutil.copytree(folder, place / "release")
        (place / "installed").write_text("server\n")
        subprocess.run([self.bin / "python", "-m", "venv", "--system-site-packages", place / "venv"], check=True)
        (opt / "current").symlink_to(f"releases/{made}")
        (opt / "bin").symlink_to("current/venv/bin")
        return made

    def _made_place(self) -> None:
        sites.create(self.place, SiteSettings(id="here"), "127.0.0.1")
        toml = self.place / "poincon.toml"
        toml.write_text(toml.read_text().replace("port = 8080", f"port = {self.web.server_port}"))
        with open_database(self.place / "books.sqlite3") as db, db.writing():
            members.add(db, "Anne", now=now())


def _answering(machine: Machine) -> type[BaseHTTPRequestHandler]:
    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if machine.current in machine.well else 503)
            self.end_headers()

        def log_message(self, format: str, *words: object) -> None: ...

    return Health


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path)
    yield made
    made.web.shutdown()
    made.web.server_close()


def test_a_server_that_answers_stays_and_the_place_was_backed_up_before(machine: Machine) -> None:
    done = machine.run(machine.newer)
    assert done.returncode == 0, done.stderr
    assert machine.current == machine.id
    assert machine.asked == ["stop poincon-server", START]
    assert len(list(machine.backups.glob(f"before-*-{machine.id}.tar"))) == 1


def test_an_archive_will_do(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert machine.run(release.packed(machine.newer, tmp_path / "site").path).returncode == 0
    assert machine.current == machine.id


def test_a_server_that_does_not_answer_goes_back(machine: Machine) -> None:
    machine.well.remove(machine.id)
    done = machine.run(machine.newer)
    assert done.returncode == 3
    assert f"went back from {machine.id} to {machine.former}" in done.stdout
    assert "does not answer" in done.stderr
    assert machine.current == machine.former
    assert machine.asked[-2:] == ["stop poincon-server", START]
    assert "Anne" in machine.poincon("member", "list").stdout
    assert not list(machine.place.glob(".newer-books*"))


def test_a_server_that_crashes_before_it_is_ready_goes_back(machine: Machine) -> None:
    (machine.root / "crashes").write_text(machine.id)
    machine.well.remove(machine.id)
    done = machine.run(machine.newer)
    assert done.returncode == 3
    assert machine.current == machine.former
    assert machine.asked[-1] == START


def test_a_way_back_whose_books_cannot_be_put_back_starts_the_server_all_the_same(machine: Machine) -> None:
    machine.brings_up()
    machine.well.remove(machine.id)
    machine.at_the_start('printf "#!/bin/sh\\nexit 1\\n" >"$ROOT/../bin/ln"; chmod +x "$ROOT/../bin/ln"')
    done = machine.run(machine.newer)
    assert done.returncode == 3
    assert machine.asked[-1] == START
    assert "could not be put back" in done.stderr


def test_books_that_were_brought_up_are_those_of_the_backup_again(machine: Machine) -> None:
    machine.brings_up()
    machine.well.remove(machine.id)
    done = machine.run(machine.newer)
    assert done.returncode == 3
    assert machine.current == machine.former
    listed = machine.poincon("member", "list")
    assert "Anne" in listed.stdout, listed.stderr
    [newer] = machine.place.glob(".newer-books-*.sqlite3")
    with sqlite3.connect(newer) as db:
        assert db.execute("SELECT 1 FROM _sqlite_migrations WHERE name = 'of tomorrow'").fetchone()
    assert (machine.place / "books.sqlite3").stat().st_mode & 0o777 == 0o600


def test_without_the_way_back_the_former_server_would_refuse_those_books(machine: Machine) -> None:
    machine.brings_up()
    assert machine.run(machine.newer).returncode == 0
    refused = machine.poincon("member", "list")
    assert refused.returncode == 1
    assert "newer poincon" in refused.stderr
    asked = machine.run("--back")
    assert asked.returncode == 1
    assert re.search(r"those of \d{4}-\d\d-\d\dT[\d:]{8}Z again.* 0 sales", asked.stderr), asked.stderr
    assert machine.current == machine.id, "nothing is lost without a word"
    done = machine.run("--back", "--yes")
    assert done.returncode == 0, done.stderr
    assert len(list(machine.place.glob(".newer-books-*Z.sqlite3"))) == 1
    assert "could not be backed up" in done.stderr, "by the program of today, which refuses those books of tomorrow"
    assert machine.current == machine.former
    assert "Anne" in machine.poincon("member", "list").stdout


def test_what_runs_already_and_what_is_older_is_refused(machine: Machine, tmp_path: Path) -> None:
    for version, text, told in (("0.3.0", "print('hello')\n", "runs already"), ("0.2.10", "", "is older than")):
        done = machine.run(made_release(tmp_path / version, version, text))
        assert done.returncode == 1
        assert told in done.stderr
    assert machine.asked == []


def test_without_a_backup_there_is_no_update(machine: Machine) -> None:
    shutil.rmtree(machine.backups)
    done = machine.run(machine.newer)
    assert done.returncode == 1
    assert "no backup, so no update" in done.stderr
    assert (machine.current, machine.asked) == (machine.former, ["stop poincon-server", START])


def test_root_writes_nothing_in_the_folder_of_the_place(machine: Machine) -> None:
    """Whoever has taken over the server's user could lay a link there, and be given what it leads to."""
    machine.brings_up()
    machine.well.remove(machine.id)
    machine.program("chown", 'echo "$*" >>"$ROOT/given"')
    assert machine.run(machine.newer).returncode == 3
    own = machine.root / "var/lib/poincon-update-server"
    assert (machine.root / "given").read_text().split() == ["poincon:poincon", str(own / "books")]
    assert not list(own.iterdir()), "and no unsealed books stay"


def test_backups_of_before_are_sealed_where_the_place_has_a_key(machine: Machine) -> None:
    sealing.new_key(SiteFolder(machine.place))
    assert machine.run(machine.newer).returncode == 0
    [backup] = machine.backups.iterdir()
    assert backup.name.endswith(f"{machine.id}.tar.age")
    assert sealing.is_sealed(backup)
    assert not list((machine.root / "var/lib/poincon-update-server").iterdir()), "nothing unsealed stays"


def test_an_update_that_the_power_cut_in_the_middle_is_judged_afterwards(machine: Machine) -> None:
    machine.brings_up()
    machine.well.remove(machine.id)
    machine.at_the_start("kill -KILL $PPID")
    assert machine.run(machine.newer).returncode == -9
    assert machine.current == machine.id
    assert machine.run(machine.newer).returncode == 3
    assert machine.current == machine.former
    assert "Anne" in machine.poincon("member", "list").stdout
