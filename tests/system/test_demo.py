"""`poincon demo` as a visitor finds it: every process for real, worked through the bench."""

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.patience import PATIENCE_S
from tests.running_demo import ROOT, RunningDemo

LONG_S = "1800"
"""Longer than these tests take on any machine."""
FRONT, BACK, DESK = "porte-avant", "porte-arriere", "comptoir"


WITHOUT_MOSQUITTO = """
import sys
from server.demo import app, broker
from server.cli import main
app.mosquitto = broker.mosquitto = lambda: None
sys.argv = ["poincon", "demo", *sys.argv[1:]]
main()
"""


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDemo]:
    with RunningDemo("--for", LONG_S) as running:
        yield running


@pytest.fixture
def demo(running: RunningDemo) -> RunningDemo:
    """No strike is released by an earlier test: one opening takes everybody in who was granted.

    Whoever goes in or out of it in a test is back where they were at its end: the tests come in any order.
    """
    running.wait(lambda: not any(unit["released"] for unit in running.units.values()))
    return running


def test_a_badge_opens_the_door_and_the_count_rises(demo: RunningDemo) -> None:
    before = demo.house["present"]
    assert demo.present("ines", FRONT) == "Inès Benali: welcome"
    demo.wait(lambda: demo.units[FRONT]["released"])
    assert demo.house["present"] == before  # a grant alone counts nobody
    demo.order("push", unit=FRONT, how="through")
    demo.wait(lambda: demo.house["present"] == before + 1)
    assert demo.get("/api/occupancy")["present"] == before + 1
    demo.wait(lambda: not demo.units[FRONT]["leaf_open"])
    demo.enter("ines", BACK, "exit")
    demo.wait(lambda: demo.house["present"] == before)


def test_a_badge_with_another_key_and_one_without_are_both_read(demo: RunningDemo) -> None:
    assert demo.present("leo", DESK) == "Léo Marchand: welcome"
    assert demo.present("ines", FRONT) == "Inès Benali: welcome"


def test_who_has_no_ticket_and_owes_too_much_is_refused(demo: RunningDemo) -> None:
    assert demo.present("solene", FRONT) == "Solène Rey: refused, no pass, no ticket, and too much owed"


def test_a_copied_badge_is_refused_and_told(demo: RunningDemo) -> None:
    assert demo.present("copy", BACK) == "Copied badge: refused, the badge did not prove its key: perhaps a copy"
    demo.wait(lambda: "not_authentic" in demo.units[BACK]["alarms"])


def test_what_was_done_without_the_network_arrives_once(demo: RunningDemo) -> None:
    before = demo.house["present"]
    demo.order("switch", unit=BACK, what="network", on=False)
    demo.wait(lambda: not demo.units[BACK]["online"])
    kept = demo.units[BACK]["kept"]
    demo.enter("hugo", BACK, "exit")
    demo.enter("leo", BACK)
    demo.enter("ines", BACK)
    assert demo.house["present"] == before
    demo.order("switch", unit=BACK, what="network", on=True)
    demo.wait(lambda: demo.house["present"] == before + 1)
    demo.wait(lambda: demo.units[BACK]["online"] and demo.units[BACK]["kept"] >= kept + 6)
    assert demo.house["present"] == before + 1
    for badge, side in (("hugo", "entry"), ("leo", "exit"), ("ines", "exit")):
        demo.enter(badge, BACK, side)
    demo.wait(lambda: demo.house["present"] == before)


def test_the_door_goes_on_while_the_server_is_dead_and_nothing_is_lost(demo: RunningDemo) -> None:
    before = demo.house["present"]
    demo.order("run", what="server", on=False)
    demo.wait(lambda: not demo.house["server"])
    demo.enter("leo", FRONT)
    demo.order("run", what="server", on=True)
    demo.wait(lambda: demo.house["present"] == before + 1)
    demo.enter("leo", BACK, "exit")
    demo.wait(lambda: demo.house["present"] == before)


def test_a_unit_without_power_comes_back_as_it_was_left(demo: RunningDemo) -> None:
    demo.order("switch", unit=FRONT, what="tamper", on=True)
    demo.wait(lambda: demo.units[FRONT]["alarms"] == ["tamper"])
    demo.order("switch", unit=FRONT, what="power", on=False)
    demo.wait(lambda: not demo.units[FRONT]["online"])
    assert set(demo.units[FRONT]["ring"]) == {"#000000"}
    demo.order("switch", unit=FRONT, what="power", on=True)
    demo.wait(lambda: demo.units[FRONT]["online"] and demo.units[FRONT]["alarms"] == ["tamper"])
    demo.order("switch", unit=FRONT, what="tamper", on=False)
    demo.wait(lambda: demo.units[FRONT]["alarms"] == [])


def test_ctrl_c_ends_everything_and_leaves_nothing() -> None:
    with RunningDemo("--for", LONG_S) as demo:
        folder = demo.folder
        assert folder.is_dir()
        assert demo.end(signal.SIGINT) == 0
        assert demo.all_gone()
        assert not folder.exists()


def test_killed_outright_it_takes_its_processes_with_it() -> None:
    with RunningDemo("--for", LONG_S) as demo:
        folder = demo.folder
        demo.order("present", badge="claire", unit=FRONT, side="entry")
        demo.end(signal.SIGKILL)
        assert demo.all_gone()
        assert folder.parent == ROOT / ".demo"
        shutil.rmtree(folder)  # as the next demo does, once it is sure that nobody lives there


def test_without_mosquitto_amqtt_carries_the_place() -> None:
    with RunningDemo("--for", LONG_S, program=("-c", WITHOUT_MOSQUITTO)) as demo:
        before = demo.house["present"]
        demo.enter("claire", FRONT)
        demo.wait(lambda: demo.house["present"] == before + 1)
        demo.order("run", what="broker", on=False)
        demo.wait(lambda: not demo.units[FRONT]["online"])
        demo.order("run", what="broker", on=True)
        demo.wait(lambda: demo.units[FRONT]["online"])


def test_a_taken_port_is_told_on_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "server", "--lang", "en", "demo", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=20)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"poincon: port {port} is taken; choose another one with --port\n"


def test_it_ends_by_itself_when_its_time_is_over() -> None:
    with RunningDemo("--for", "0.5") as demo:
        assert demo.process.wait(PATIENCE_S) == 0
        assert demo.all_gone()
