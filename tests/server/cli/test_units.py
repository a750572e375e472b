"""`poincon unit` and `poincon open`."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from device.contract.channels import COMMAND, EVENTS
from device.contract.codec import decode, encode
from device.contract.instant import Instant
from device.contract.messages import Command, CommandDone, Run
from device.contract.unit_settings import read_unit_settings, sides
from server.mqtt import door_command
from server.mqtt.embedded_broker import EmbeddedBroker
from server.site.certificates import serial_of
from tests.mosquitto import leave
from tests.server.cli.conftest import MONDAY_MORNING, CommandLine


def test_a_door_has_a_reader_each_side_and_all_its_parts(cli: CommandLine) -> None:
    added = cli.json("unit", "add", "front", "--kind", "door")
    settings = read_unit_settings(Path(added["folder"]) / "unit.toml")
    assert (settings.name, settings.kind, settings.site.id) == ("front", "door", "here")
    assert sides(settings) == ["entry", "exit"]
    pins = settings.pins
    assert None not in (pins.strike, pins.contact, pins.rex, pins.fire, pins.tamper, pins.buzzer)
    assert settings.ring is not None and settings.ring.leds == 12
    assert not settings.broker.tls


def test_a_door_says_how_each_input_is_wired_and_what_that_means(cli: CommandLine) -> None:
    cli.out("unit", "add", "front", "--kind", "door")
    lines = (cli.folder / "units" / "front" / "unit.toml").read_text("utf-8").splitlines()
    for name, active in {"contact": "open", "rex": "closed", "fire": "closed", "tamper": "closed"}.items():
        assert lines[lines.index(f'{name}_active = "{active}"') - 1].startswith("# ")


def test_a_unit_without_inputs_says_nothing_of_their_wiring(cli: CommandLine) -> None:
    cli.out("unit", "add", "desk", "--kind", "desk")
    assert "_active" not in (cli.folder / "units" / "desk" / "unit.toml").read_text("utf-8")


@pytest.mark.parametrize(("readers", "expected"), [("entry", ["entry"]), ("toggle", ["toggle"])])
def test_a_door_may_have_one_reader(cli: CommandLine, readers: str, expected: list[str]) -> None:
    cli.out("unit", "add", "back", "--kind", "door", "--readers", readers)
    assert sides(read_unit_settings(cli.folder / "units" / "back" / "unit.toml")) == expected


def test_a_room_has_its_large_ring_and_no_reader(cli: CommandLine) -> None:
    cli.out("unit", "add", "ring-1", "--kind", "room", "--room", "atelier")
    settings = read_unit_settings(cli.folder / "units" / "ring-1" / "unit.toml")
    assert (settings.room, settings.readers) == ("atelier", [])
    assert settings.ring is not None and settings.ring.leds == 24


def test_a_desk_has_a_reader_and_no_strike(cli: CommandLine) -> None:
    cli.out("unit", "add", "desk", "--kind", "desk")
    settings = read_unit_settings(cli.folder / "units" / "desk" / "unit.toml")
    assert (sides(settings), settings.pins.strike) == (["entry"], None)


def test_a_unit_keeps_the_rules_of_the_place(cli: CommandLine) -> None:
    cli.set("release_s = 5 ", "release_s = 8 ")
    cli.set("toggle_guard_s = 120", "toggle_guard_s = 60")
    cli.out("unit", "add", "front", "--kind", "door")
    rules = read_unit_settings(cli.folder / "units" / "front" / "unit.toml").rules
    assert (rules.release_s, rules.toggle_guard_s, rules.held_s) == (8, 60, 30)


def test_a_unit_goes_where_it_is_asked_to(cli: CommandLine, tmp_path: Path) -> None:
    cli.out("unit", "add", "front", "--kind", "door", "--out", str(tmp_path / "card"))
    assert read_unit_settings(tmp_path / "card" / "unit.toml").name == "front"


def test_on_a_network_a_unit_gets_its_own_certificate(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "place")
    cli.out("init", str(cli.folder), "--host", "192.0.2.10")
    folder = Path(cli.json("unit", "add", "front", "--kind", "door")["folder"])
    broker = read_unit_settings(folder / "unit.toml").broker
    assert (broker.host, broker.port, broker.tls) == ("192.0.2.10", 8883, True)
    assert broker.ca and broker.certificate and broker.key
    for name in (broker.ca, broker.certificate, broker.key):
        assert (folder / name).is_file()
    assert (folder / broker.key).stat().st_mode & 0o077 == 0


def test_a_lost_card_is_made_again_and_the_former_one_is_shut_out(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "place")
    cli.out("init", str(cli.folder), "--host", "192.0.2.10")
    lost = Path(cli.json("unit", "add", "front", "--kind", "door")["folder"]) / "unit.crt"
    cli.out("unit", "renew", "front", "--out", str(tmp_path / "card"))
    assert (cli.folder / "secrets" / "revoked").read_text().split() == [f"{serial_of(lost.read_bytes()):x}"]
    assert "a déjà un unit.toml" in cli.refusal("unit", "renew", "front", "--out", str(tmp_path / "card"))
    assert "pas d'unité back" in cli.refusal("unit", "renew", "back")


def test_units_are_listed_until_they_are_removed(cli: CommandLine) -> None:
    cli.out("unit", "add", "front", "--kind", "door")
    cli.out("unit", "add", "back", "--kind", "door")
    assert [unit["name"] for unit in cli.json("unit", "list")] == ["back", "front"]
    assert "porte" in cli.out("unit", "list")
    cli.out("unit", "remove", "back")
    assert [unit["name"] for unit in cli.json("unit", "list")] == ["front"]
    assert "pas d'unité back" in cli.refusal("unit", "remove", "back")


@pytest.mark.parametrize("name", ["Front", "front door", "../front", "", "a" * 33, "porte-é", "poincon.server", "+"])
def test_a_name_that_cannot_go_over_the_wire_is_refused(cli: CommandLine, name: str) -> None:
    assert "ne peut pas être un nom" in cli.refusal("unit", "add", name, "--kind", "door")
    assert not (cli.folder / "units").exists()


def test_a_taken_name_is_refused(cli: CommandLine) -> None:
    cli.out("unit", "add", "front", "--kind", "door")
    assert "déjà une unité front" in cli.refusal("unit", "add", "front", "--kind", "desk")


def test_a_folder_with_a_unit_is_refused_and_the_books_know_nothing_of_the_new_one(cli: CommandLine) -> None:
    cli.out("unit", "add", "front", "--kind", "door", "--out", str(cli.folder / "card"))
    assert "--out" in cli.refusal("unit", "add", "back", "--kind", "door", "--out", str(cli.folder / "card"))
    assert [unit["name"] for unit in cli.json("unit", "list")] == ["front"]


def test_a_room_unit_needs_a_room_of_the_settings(cli: CommandLine) -> None:
    assert "demande sa salle" in cli.refusal("unit", "add", "ring-1", "--kind", "room")
    assert "open-space, reunion" in cli.refusal("unit", "add", "ring-1", "--kind", "room", "--room", "cave")


class DoorUnit:
    """A unit at the broker that answers each command as it is told to."""

    def __init__(self, port: int, error: str | None) -> None:
        self.heard: list[Command] = []
        self._error = error
        self._ready = threading.Event()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, "front", protocol=mqtt.MQTTv311)
        self.client.on_message = self._obey
        self.client.on_subscribe = lambda *_: self._ready.set()
        self.client.connect("127.0.0.1", port)
        self.client.subscribe(COMMAND.topic("here", "front"), qos=1)
        self.client.loop_start()
        assert self._ready.wait(5)

    def _obey(self, client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        command = decode(message.payload, Command)
        self.heard.append(command)
        now = Instant.parse("2026-11-23T08:14:06.000Z")
        noise = CommandDone(at=now, clock="synced", id="another", ok=False, error="not mine")
        done = CommandDone(at=now, clock="synced", id=command.id, ok=self._error is None, error=self._error)
        client.publish(EVENTS.topic("here", "front"), b"\xff not a run", qos=1)
        for event in (noise, done):
            run = Run(epoch="9f2c41aa", first=1, sent_at=now, events=[event])
            client.publish(EVENTS.topic("here", "front"), encode(run), qos=1)


@pytest.fixture
def door(cli: CommandLine) -> Iterator[Callable[[str | None], DoorUnit]]:
    """A door unit connected to the place's broker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    cli.set("port = 1883", f"port = {port}")
    cli.out("unit", "add", "front", "--kind", "door")
    broker = EmbeddedBroker("127.0.0.1", port)
    broker.start()
    doors: list[DoorUnit] = []

    def connected(error: str | None) -> DoorUnit:
        doors.append(DoorUnit(port, error))
        return doors[-1]

    yield connected
    for each in doors:
        leave(each.client)
    broker.stop()


def test_a_door_opens_and_says_so(cli: CommandLine, door: Callable[[str | None], DoorUnit]) -> None:
    unit = door(None)
    assert cli.out("open", "front") == "front est ouverte\n"
    (command,) = unit.heard
    assert command.kind == "release"
    assert (command.expires_at - MONDAY_MORNING).total_seconds() == 10


def test_a_door_that_cannot_open_says_why(cli: CommandLine, door: Callable[[str | None], DoorUnit]) -> None:
    door("le disque est plein")
    assert cli.refusal("open", "front") == "front n'a pas pu\u00a0: le disque est plein"


def test_a_door_that_does_not_answer_is_not_waited_for_for_ever(
    cli: CommandLine, door: Callable[[str | None], DoorUnit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_command, "VALID_S", 0.2)
    assert "n'a pas répondu" in cli.refusal("open", "front")


def test_without_a_broker_the_line_says_so(cli: CommandLine) -> None:
    cli.set("port = 1883", "port = 9")
    cli.out("unit", "add", "front", "--kind", "door")
    assert "pas de courtier à 127.0.0.1:9" in cli.refusal("open", "front")
    command = [sys.executable, "-m", "server", "--lang", "fr", "-C", str(cli.folder), "open", "front"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stderr  # as at a terminal, no log in it
    assert told.count("\n") == 1
    assert told.startswith("poincon: pas de courtier")


def test_only_a_door_of_the_place_can_be_opened(cli: CommandLine) -> None:
    cli.out("unit", "add", "desk", "--kind", "desk")
    assert "n'est pas une porte" in cli.refusal("open", "desk")
    assert "pas d'unité front" in cli.refusal("open", "front")
