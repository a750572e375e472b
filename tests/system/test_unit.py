"""A door unit as its own process: nfcpy over UDP, mock pins, a real Mosquitto, and a server made of the contract."""

import re
from datetime import timedelta
from typing import get_args

import pytest

from device.contract.access_list import AccessList, Capacity, Schedule
from device.contract.channels import ACCESS_LIST, COMMAND, INSIDE, OCCUPANCY, RECEIPT
from device.contract.instant import Instant
from device.contract.messages import Command, Passage, Started, TimeOfDay, Weekday
from tests.contract_client import now
from tests.device.world import ANNE, BRUNO, KEYED, grant
from tests.mosquitto import Mosquitto
from tests.server_client import ContractServer
from tests.simulated_unit import SimulatedUnit, wait_for

KEY = bytes(16)
STRANGER = "uid:04DEADBEEF5566"
ALL_DAY = [("00:00", "24:00")]


def open_list(version=1, **more):
    week: dict[Weekday, list[tuple[TimeOfDay, TimeOfDay]]] = dict.fromkeys(get_args(Weekday), ALL_DAY)
    return AccessList(
        version=version,
        issued_at=now(),
        hard_anti_passback=False,
        schedules={"house": Schedule(weekly=week, dates={})},
        free_passage=[],
        capacity=Capacity(mode="deny", max=35),
        grants=[grant(ANNE, 17), grant(BRUNO, 42), grant(KEYED, 43, key=KEY.hex())],
        **more,
    )


LONG_S = 60
"""A pulse that no machine is too slow to walk through."""
A_DAY_MS = 86_400_000


@pytest.fixture
def broker(tmp_path):
    made = Mosquitto(tmp_path / "broker")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def server(broker):
    made = ContractServer(broker.port)
    made.say(ACCESS_LIST, open_list())
    yield made
    made.close()


@pytest.fixture
def unit(tmp_path, broker):
    made = SimulatedUnit(tmp_path / "front", broker_port=broker.port, release_s=LONG_S)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def ready(server, unit):
    """A unit that has its list."""
    assert server.hears(lambda heard: heard.states and heard.states[-1].list_version == 1)
    return unit


def passages(server):
    return [(event.credential, event.side, event.by) for event in server.events("Passage")]


def test_a_badge_opens_the_door_and_the_server_hears_of_it(server, ready):
    ready.tap(ANNE)
    assert ready.said(f"decision granted granted {ANNE}")
    ready.order("leaf open")
    ready.order("leaf closed")
    assert server.hears(lambda heard: passages(heard) == [(ANNE, "entry", "badge")])
    assert ready.lines.index("strike released") < ready.lines.index(f"decision granted granted {ANNE}")
    assert any(line.startswith("ring #") and len(line.split()) == 13 for line in ready.lines)
    assert "buzzer granted" in ready.lines


def test_once_everything_is_kept_its_state_says_so(server, ready):
    assert server.hears(lambda heard: heard.states[-1].outbox == 0)


def test_a_keyed_badge_opens_with_its_key_and_its_clone_does_not(server, ready):
    ready.tap(KEYED, key=KEY)
    assert ready.said(f"decision granted granted {KEYED}")
    ready.tap(BRUNO)  # the same UID without a pause would be the same badge, still there
    assert ready.said(f"decision granted granted {BRUNO}")
    released = ready.lines.count("strike released")
    ready.tap(KEYED, key=b"\x01" * 16)
    assert ready.said(f"decision denied not_authentic {KEYED}")
    assert ready.said("alarm not_authentic on")
    assert ready.lines.count("strike released") == released


def test_a_tap_made_without_the_network_arrives_once(server, ready):
    ready.order("network cut")
    assert server.hears(lambda heard: not heard.states[-1].online)
    ready.tap(BRUNO, "exit")
    ready.order("leaf open")
    assert ready.said(f"decision granted exit {BRUNO}")
    ready.order("network back")
    assert server.hears(lambda heard: passages(heard) == [(BRUNO, "exit", "badge")])


def test_after_a_power_cut_it_opens_from_its_list_without_any_network(server, ready, broker):
    ready.kill()
    broker.stop()
    ready.start()
    ready.tap(ANNE)
    assert ready.said(f"decision granted granted {ANNE}")
    assert wait_for(lambda: "broker unreachable" in ready.log())


def test_the_start_after_a_power_cut_is_told_as_a_crash_and_a_proper_one_is_not(server, ready):
    ready.kill()
    ready.start()
    assert server.hears(lambda heard: len(heard.events("Started")) == 2)
    ready.stop()
    ready.start()
    assert server.hears(lambda heard: len(heard.events("Started")) == 3)
    assert [started.cause for started in server.events("Started")] == ["boot", "crash", "boot"]


def command(identity, kind="release", expires_s=10.0, **more):
    return Command(
        id=identity, kind=kind, expires_at=Instant.of(now() + timedelta(seconds=expires_s)), by="concierge", **more
    )


def done(server):
    return [(event.id, event.ok) for event in server.events("CommandDone")]


def test_a_command_is_carried_out_once_and_never_when_it_is_late_or_retained(server, ready):
    server.say(COMMAND, command("late", expires_s=-1))
    server.say(COMMAND, command("now"))
    server.say(COMMAND, command("now"))
    server.say(COMMAND, command("badge", kind="lend", session="c4f10a2b3c4d5e6f", for_s=60))
    assert server.hears(lambda heard: done(heard) == [("now", True), ("badge", False)])
    server.say(COMMAND, command("stuck", expires_s=600), retained=True)
    server.say(COMMAND, b"", retained=True)
    server.say(COMMAND, command("after"))
    assert server.hears(lambda heard: ("after", True) in done(heard))
    ready.kill()
    ready.start()
    assert server.hears(lambda heard: len(heard.events("Started")) == 2)
    server.say(COMMAND, command("now"))
    server.say(COMMAND, command("last"))
    assert server.hears(lambda heard: ("last", True) in done(heard))
    # `stuck` came live, as retained messages do to who is there already; `now` never a second time.
    assert [name for name, _ in done(server)].count("now") == 1


def test_a_retained_command_waiting_for_a_unit_is_never_carried_out(server, unit, broker):
    unit.kill()
    server.say(COMMAND, command("trap", expires_s=600), retained=True)
    unit.start()
    assert server.hears(lambda heard: any(isinstance(event, Started) for event in heard.kept_events()))
    server.say(COMMAND, command("live"))
    assert server.hears(lambda heard: ("live", True) in done(heard))
    assert [name for name, _ in done(server)] == ["live"]


def test_told_to_restart_it_starts_anew(server, ready):
    server.say(COMMAND, command("again", kind="restart"))
    assert server.hears(lambda heard: len(heard.events("Started")) == 2)
    assert ("again", True) in done(server)
    ready.tap(ANNE)
    assert ready.said(f"decision granted granted {ANNE}")


def test_an_unplugged_reader_is_an_alarm_and_is_taken_up_again(server, ready):
    ready.order("reader unplug")
    assert ready.said("alarm reader on")
    ready.order("reader plug")
    assert ready.said("alarm reader off")
    ready.tap(ANNE)
    assert ready.said(f"decision granted granted {ANNE}")


def test_fire_and_tamper_and_forced_are_told(server, ready):
    ready.order("fire on")
    assert ready.said("strike released")
    ready.order("fire off")
    assert ready.said("strike secured")
    ready.order("tamper on")
    assert ready.said("alarm tamper on")
    ready.order("leaf open")
    assert ready.said("alarm forced on")
    ready.order("leaf closed")
    assert ready.said("alarm forced off")
    ready.order("tamper off")
    assert ready.said("alarm tamper off")
    assert server.hears(lambda heard: len(heard.events("Alarm")) == 6)
    told = [(alarm.alarm, alarm.active) for alarm in server.events("Alarm")]
    assert sorted(told) == sorted((name, on) for name in ("fire", "forced", "tamper") for on in (True, False))


def test_a_clock_years_off_refuses_nobody_and_tells_ages(server, ready):
    ready.order("clock 99999999")
    ready.tap(ANNE)
    assert ready.said(f"decision granted granted {ANNE}")
    ready.order("leaf open")
    assert server.hears(lambda heard: heard.events("Passage"))
    passage: Passage = server.events("Passage")[0]
    assert passage.clock == "unset"
    assert passage.age_ms is not None and 0 <= passage.age_ms < A_DAY_MS  # and not the years that the clock is off
    assert server.hears(lambda heard: heard.states[-1].clock == "unset")


def test_an_order_of_five_hours_ago_opens_nothing_though_the_clock_is_not_trusted(server, ready):
    ready.order("clock 100000")
    server.say(COMMAND, command("old", expires_s=-5 * 3600))
    server.say(COMMAND, command("new", expires_s=600))
    assert server.hears(lambda heard: done(heard) == [("new", True)])


def test_whatever_is_said_to_its_clock_the_door_runs_and_comes_up_again(server, ready):
    for word in ("nan", "inf", "-inf", "9e9", "-9e9", "1e400", "noon"):
        ready.order(f"clock {word}")
        ready.order("rex")
    assert ready.said("strike released")
    ready.order("leaf open")
    assert server.hears(lambda heard: (None, "exit", "rex") in passages(heard))
    assert ready.stop() == 0
    assert "Traceback" not in ready.log()
    assert ready.log().count("clock ") >= 7
    ready.start()
    ready.tap(ANNE)
    assert ready.said(f"decision granted granted {ANNE}")


def test_any_bytes_from_the_broker_change_nothing(server, ready):
    for channel in (ACCESS_LIST, COMMAND, INSIDE, RECEIPT, OCCUPANCY):
        for rubbish in (b"\x00\xff", b"[" * 5_000, b"{}", b'{"version":"x"}'):
            server._client.publish(channel.topic("comptoir", "front"), rubbish, 1, False)
    ready.tap(ANNE)
    assert ready.said(f"decision granted granted {ANNE}")


def test_a_server_that_does_not_answer_is_told_again(server, ready):
    server.acking = False
    ready.tap(ANNE)
    assert server.hears(lambda heard: [run.first for run in heard.runs].count(2) >= 2)
    assert server.hears(lambda heard: len(heard.events("Access")) == 1)


def test_no_badge_number_is_ever_logged(tmp_path, broker, server):
    unit = SimulatedUnit(tmp_path / "talkative", "front", broker.port, LONG_S, "--debug")
    unit.start()
    try:
        assert server.hears(lambda heard: any(state.list_version == 1 for state in heard.states))
        unit.tap(ANNE)
        unit.tap(KEYED, key=KEY)
        unit.hold(KEYED, bytes(15) + b"1", until=lambda: "did not prove its key" in unit.log())
        unit.tap(STRANGER)
        unit.tap(BRUNO, "exit")
        unit.order("leaf open")
        server.say(INSIDE, b'{"members":["uid:04A1B2C3D4E5F6"]}')
        assert server.hears(lambda heard: heard.events("Passage"))
        unit.order("reader unplug")
        assert unit.said("alarm reader on")
    finally:
        unit.stop()
    log = re.sub(r"[^0-9a-f]", "", unit.log().lower())  # however it is written
    assert "did not prove its key" in unit.log()
    for credential in (ANNE, BRUNO, KEYED, STRANGER):
        assert credential.partition(":")[2].lower() not in log


def test_it_ends_cleanly_and_secures_the_strike(server, ready):
    ready.tap(ANNE)
    assert ready.said("strike released")
    assert ready.stop() == 0
    assert "strike secured" in ready.lines
    assert server.hears(lambda heard: not heard.states[-1].online)
