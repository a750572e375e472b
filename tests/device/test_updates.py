"""An update while the door goes on: fetched beside it, left for when nobody is there, judged after the start."""

import pytest

from device.contract.channels import ACK, EVENTS, STATE
from device.contract.codec import LooseRun, decode
from device.contract.messages import Ack
from device.contract.state import UpdateOutcome
from device.inbox import Arrived, Connected, InputLevel, ReaderState, StopAsked, UpdateFetched
from device.updates import LOOK_S, SETTLE_S
from tests.device.unit_world import UnitWorld
from tests.device.world import ANNE

OWN, NEWER = "0.4.0-1a2b3c4d", "0.4.1-5e6f7a8b"
ORDER = {"release": NEWER, "sha256": "00" * 32, "signature": "A" * 96, "path": f"/release/{NEWER}", "port": 8080}


class HandUpdater:
    """A machine's updater that is made by hand."""

    def __init__(self):
        self.release, self.takes_updates = OWN, True
        self.fetching, self.ended, self.health = [], None, []

    def fetch(self, order):
        self.fetching.append(order)

    def outcome(self):
        return self.ended

    def tell_health(self, fault):
        self.health.append(fault)


class AckingLink:
    """A line to a server that hears everything, and acknowledges while it is `acking`."""

    def __init__(self):
        self.is_up, self.address, self.acking = True, "192.0.2.17", True
        self.states, self.acks = [], []

    def publish(self, channel, message):
        if channel is STATE:
            self.states.append(message)
        if channel is EVENTS and self.acking:
            run = decode(message, LooseRun)
            self.acks.append(Ack(epoch=run.epoch, through=run.first + len(run.events) - 1))


class UpdatedUnit(UnitWorld):
    """A door whose machine takes updates."""

    def __init__(self, folder, clock=None, readers_answer=True):
        self.updater, self.link = HandUpdater(), AckingLink()
        super().__init__(folder, clock=clock, updater=self.updater, link=self.link, readers=("entry", "exit"))
        self.take(Connected())
        for side in ("entry", "exit") if readers_answer else ():
            self.take(ReaderState(side, False))
        self.hear_acks()

    def hear_acks(self):
        while self.link.acks:
            self.take(Arrived(ACK, "front", self.link.acks.pop(0), retained=False))

    def pass_(self, seconds):
        self.clock.pass_(seconds)
        self.take()
        self.hear_acks()

    def order_update(self, name="u-1", **more):
        return self.order("update", sent_at=self.clock.wall, name=name, **ORDER | more)

    @property
    def state(self):
        return self.link.states[-1]

    @property
    def has_left(self):
        return self.controller._stop is not None


@pytest.fixture
def unit(tmp_path):
    return UpdatedUnit(tmp_path)


def test_a_unit_says_what_it_runs_and_that_it_takes_updates(unit):
    assert (unit.state.release, unit.state.updates, unit.state.update) == (OWN, True, None)


def test_a_program_of_a_checkout_says_nothing_of_updates_and_takes_none(tmp_path):
    unit = UnitWorld(tmp_path)
    assert unit.order("update", **ORDER) == "False no_updater"


def test_a_machine_without_an_authority_takes_none(unit):
    unit.updater.takes_updates = False
    assert unit.order_update() == "False no_updater"
    unit.pass_(60)
    assert unit.state.updates is None


def test_an_order_is_answered_when_the_release_is_fetched_and_the_door_goes_on_meanwhile(unit):
    assert unit.order_update() is None
    (order,) = unit.updater.fetching
    unit.world.tap(ANNE)
    assert "granted granted" in unit.world.told
    unit.take(UpdateFetched(order, None))
    assert unit.world.events[-1] == "commanddone True None"


def test_what_could_not_be_fetched_is_told_with_why(unit):
    unit.order_update()
    unit.take(UpdateFetched(unit.updater.fetching[0], "fetch HTTP 404"))
    assert unit.world.events[-1] == "commanddone False fetch HTTP 404"
    assert unit.order_update("u-2") is None, "and may be tried again"


def test_the_same_order_again_changes_nothing_and_another_one_has_to_wait(unit):
    unit.order_update()
    assert unit.order_update() is None
    assert unit.order_update("u-2") == "False under_way"
    assert len(unit.updater.fetching) == 1
    unit.take(UpdateFetched(unit.updater.fetching[0], None))
    assert unit.order_update() is None
    assert len(unit.updater.fetching) == 1, "it was carried out before"


def test_its_own_release_is_not_fetched_again(unit):
    assert unit.order_update(release=OWN) == "False same"


def test_it_ends_at_once_where_nobody_is_at_the_door(unit):
    unit.take(StopAsked(quietly=True))
    assert unit.has_left


def test_it_does_not_end_while_somebody_may_be_pulling_the_door(unit):
    unit.world.tap(ANNE)
    unit.take(StopAsked(quietly=True))
    assert not unit.has_left
    unit.pass_(4.9)
    assert not unit.has_left
    unit.pass_(0.2)
    assert unit.has_left


def test_it_does_not_end_in_a_fire(unit):
    unit.take(InputLevel("fire", True))
    unit.take(StopAsked(quietly=True))
    unit.pass_(600)
    assert not unit.has_left
    unit.take(InputLevel("fire", False))
    unit.pass_(5)
    unit.pass_(5)
    assert unit.has_left


def test_it_does_not_end_while_events_are_in_memory_alone(unit, mocker):
    mocker.patch.object(type(unit.world.journal), "disk_fails", True)
    unit.take(StopAsked(quietly=True))
    assert not unit.has_left


def test_a_release_does_well_once_the_server_has_acknowledged_it_and_no_part_was_lost(unit):
    assert unit.updater.health[-1] == "settling"
    unit.pass_(SETTLE_S - 1)
    assert None not in unit.updater.health
    unit.pass_(1)
    assert unit.updater.health[-1] is None
    unit.take(ReaderState("entry", True))
    unit.pass_(5)
    assert unit.updater.health[-1] is None, "it is said once"


def test_a_reader_that_does_not_answer_is_no_health(unit):
    unit.take(ReaderState("entry", True))
    unit.pass_(SETTLE_S)
    assert unit.updater.health[-1] == "alarm reader"
    unit.take(ReaderState("entry", False))
    unit.pass_(1)
    assert unit.updater.health[-1] is None


def test_a_reader_that_has_not_answered_yet_is_no_health(tmp_path):
    unit = UpdatedUnit(tmp_path, readers_answer=False)
    unit.take(ReaderState("entry", False))
    unit.pass_(SETTLE_S)
    assert unit.updater.health[-1] == "reader_awaited exit"
    unit.take(ReaderState("exit", False))
    unit.pass_(1)
    assert unit.updater.health[-1] is None


def test_without_the_broker_or_the_servers_acks_it_is_no_health(unit):
    unit.link.is_up = False
    unit.pass_(SETTLE_S)
    assert unit.updater.health[-1] == "no_broker"
    unit.link.is_up, unit.link.acking = True, False
    unit.world.tap(ANNE)
    unit.pass_(1)
    assert unit.updater.health[-1] == "no_ack"


def test_a_reader_that_was_lost_before_is_not_the_new_releases_fault(unit, tmp_path):
    unit.take(ReaderState("entry", True))
    unit.take(StopAsked(quietly=True))
    unit.controller._updates.note_alarms()
    unit.world.journal.close()
    later = UpdatedUnit(tmp_path, clock=unit.clock, readers_answer=False)
    later.take(ReaderState("entry", True))
    later.pass_(SETTLE_S)
    assert later.updater.health[-1] is None


def test_a_forced_door_is_not_the_releases_fault(unit):
    unit.take(InputLevel("contact", True))
    unit.pass_(SETTLE_S)
    assert "forced" in unit.state.alarms
    assert unit.updater.health[-1] is None


def test_how_it_ended_is_told_to_the_server(unit):
    unit.updater.ended = UpdateOutcome(order="u-1", release=NEWER, result="went_back", why="no_ack")
    unit.pass_(LOOK_S)
    assert unit.state.update == unit.updater.ended


def test_a_start_under_another_release_is_an_update(unit, tmp_path):
    unit.world.journal.set_note("clean", "yes")
    unit.world.journal.close()
    later = UpdatedUnit.__new__(UpdatedUnit)
    later.updater, later.link = HandUpdater(), AckingLink()
    later.updater.release = NEWER
    UnitWorld.__init__(later, tmp_path, clock=unit.clock, updater=later.updater, link=later.link)
    assert later.world.events[-1] == "started update"
