"""Processes that die with their parent, the ports they use, and the folder that they live in."""

import os
import random
import socket
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

import pytest

from server.demo.broker import InsideBroker
from server.demo.folder import JUST_MADE_S, fresh_folder
from server.demo.ports import Ports, is_free, listens
from server.demo.process import DIE_WITH_PARENT, Process
from tests.patience import PATIENCE_S, wait_until

ECHO = "import sys; print('ready', flush=True); [print(line.strip().upper(), flush=True) for line in sys.stdin]"


def begun(script: str, folder: Path) -> tuple[Process, SimpleQueue[str | int]]:
    heard: SimpleQueue[str | int] = SimpleQueue()
    return Process([sys.executable, "-c", script], folder / "log", heard.put, heard.put), heard


def test_a_process_is_heard_told_and_seen_out(tmp_path: Path):
    process, heard = begun(ECHO, tmp_path)
    assert heard.get(timeout=PATIENCE_S) == "ready"
    process.order("leaf open")
    assert heard.get(timeout=PATIENCE_S) == "LEAF OPEN"
    process.ask_to_end()
    process.see_out()
    assert (heard.get(timeout=PATIENCE_S), process.is_running) == (-15, False)
    process.order("too late")


def test_a_killed_process_is_gone_at_once(tmp_path: Path):
    process, heard = begun(ECHO, tmp_path)
    assert heard.get(timeout=PATIENCE_S) == "ready"
    process.kill()
    assert (process.is_running, heard.get(timeout=PATIENCE_S)) == (False, -9)


def test_the_last_words_of_a_process_are_those_of_its_log(tmp_path: Path):
    process, heard = begun("import sys; sys.exit('first\\nlast words\\n')", tmp_path)
    assert heard.get(timeout=PATIENCE_S) == 1
    process.see_out()
    assert process.last_words == "last words"


def test_a_process_dies_with_whoever_began_it(tmp_path: Path):
    script = (
        "import subprocess, sys, os;"
        f"command = [sys.executable, '-I', '-S', {str(DIE_WITH_PARENT)!r}, str(os.getpid()), '/bin/sleep', '99'];"
        "child = subprocess.Popen(command);"
        "print(child.pid, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    wait_until_named(child, "sleep")
    parent.kill()
    parent.wait()
    wait_until(lambda: has_ended(child))


def test_a_process_whose_parent_is_gone_already_does_not_begin():
    done = subprocess.run(
        [sys.executable, str(DIE_WITH_PARENT), "1", "/bin/echo", "here"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")


def test_ports_are_free_and_given_away_once():
    ports = Ports(random.Random(7))
    given = [ports.tcp() for _ in range(5)]
    readers = [ports.readers() for _ in range(5)]
    assert len({*given, *readers, *(port + 1 for port in readers)}) == 15
    assert max(*given, *readers) < 32_768


def test_a_taken_port_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not is_free(socket.SOCK_STREAM, "127.0.0.1", port)
        assert listens(port)
    assert is_free(socket.SOCK_STREAM, "127.0.0.1", port)
    assert not listens(port)


def test_the_folder_is_gone_afterwards_whatever_happens(tmp_path: Path):
    with pytest.raises(ValueError), fresh_folder(tmp_path, just_now(tmp_path)) as folder:
        (folder / "books").write_text("…")
        raise ValueError
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_demo_left_is_removed_and_what_lives_is_not(tmp_path: Path):
    left = tmp_path / "poincon-demo-left"
    (left / "units").mkdir(parents=True)
    young = tmp_path / "poincon-demo-young"
    other = tmp_path / "something-else"
    with fresh_folder(tmp_path, just_now(tmp_path)) as living:
        for folder, age_s in ((left, JUST_MADE_S + 10), (living, JUST_MADE_S + 10), (young, 0), (other, 999)):
            folder.mkdir(exist_ok=True)
            os.utime(folder, (just_now(tmp_path) - age_s,) * 2)
        with fresh_folder(tmp_path, just_now(tmp_path)):
            assert [folder.is_dir() for folder in (left, young, living, other)] == [False, True, True, True]


def test_a_broker_inside_is_killed_and_begins_again_on_its_port():
    port = Ports(random.Random()).tcp()
    for _ in range(2):
        broker = InsideBroker(port)
        assert broker.is_running and listens(port)
        broker.kill()
        assert not broker.is_running and not listens(port)


def just_now(made: Path) -> float:
    return made.stat().st_mtime


def wait_until_named(pid: int, name: str) -> None:
    wait_until(lambda: Path(f"/proc/{pid}/comm").read_text().strip() == name)


def has_ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except FileNotFoundError:
        return True
