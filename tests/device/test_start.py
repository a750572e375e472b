"""Whatever of a start fails, the loop comes after it: REX opens, and what is wrong is told."""

from queue import SimpleQueue

import pytest

from device.contract.unit_settings import PinSettings, UnitSettings, UnitSiteSettings
from device.controller import Controller
from device.inbox import Input, InputLevel, NotKept, StopAsked
from tests.device.world import DoorWorld

SETTINGS = UnitSettings(site=UnitSiteSettings(id="here"), name="front", kind="door", pins=PinSettings(strike=17))


class NoLink:
    is_up, address = False, ""

    def publish(self, channel, message):
        raise AssertionError("nothing goes out without a link")


@pytest.fixture
def world(tmp_path):
    return DoorWorld(tmp_path)


def lived(world, tmp_path, *happenings, alive=lambda: None):
    """A unit that starts, meets these, and is stopped."""
    inbox: SimpleQueue[Input] = SimpleQueue()
    for happening in (*happenings, StopAsked()):
        inbox.put(happening)
    controller = Controller(
        SETTINGS, "1.0", world.station, world.door, link=NoLink(), inbox=inbox, data=tmp_path, alive=alive
    )
    controller.run()
    return controller


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("station.journal", "recent_passages"),
        ("station.journal", "record"),
        ("station.journal", "began"),
        ("station.journal", "due_runs"),
        ("station.panel", "render"),
        ("door", "begin"),
    ],
)
def test_a_start_that_fails_anywhere_locks_nobody_in(world, tmp_path, mocker, where, what):
    broken = world
    for name in where.split("."):
        broken = getattr(broken, name)
    mocker.patch.object(broken, what, side_effect=RuntimeError("rotten"))
    controller = lived(world, tmp_path, InputLevel("rex", True))
    assert "released for 5 s" in world.told
    assert controller.failures


def test_a_loop_that_fails_on_every_input_tells_the_watchdog_nothing(world, tmp_path, mocker):
    told = []
    pressed, released = InputLevel("rex", True), InputLevel("rex", False)
    lived(world, tmp_path, pressed, released, alive=lambda: told.append(True))
    assert len(told) == 3
    mocker.patch.object(world.door, "tick", side_effect=RuntimeError("rotten"))
    lived(world, tmp_path, pressed, released, alive=lambda: told.append(True))
    assert len(told) == 3


def test_what_could_not_be_kept_is_an_alarm_until_it_is(world, tmp_path):
    lived(world, tmp_path, NotKept("access-list"))
    assert "alarm disk on" in world.told
    assert world.events[-1] == "alarm disk True"


def test_why_it_starts_is_told_by_what_the_last_start_left(world, tmp_path):
    lived(world, tmp_path)
    assert world.events[-1] == "started boot"
    world.journal.began("1.0")
    lived(world, tmp_path)
    assert world.events[-1] == "started crash"
    world.journal.began("0.9")
    lived(world, tmp_path)
    assert world.events[-1] == "started update"
