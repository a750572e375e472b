"""What a running unit finds of its parts, and how often that changes."""

from queue import SimpleQueue

import msgspec
import pytest

from device.adapters import boot_config, findings_file
from device.adapters.findings_file import read_findings, write_findings
from device.check import findings
from device.contract.findings import CURES, PARTS, TOLD, cure, finding, told
from device.contract.state import Finding, State
from device.contract.unit_settings import (
    PinSettings,
    ReaderSettings,
    RingSettings,
    ScreenSettings,
    UnitBrokerSettings,
    UnitSettings,
    UnitSiteSettings,
)
from device.controller import Controller
from device.inbox import Connected, Disconnected, InputLevel, LinkFailed, ReaderState, StrikeState
from device.parts import TAKEN_FOR_S, FoundParts, Probes
from tests.device.world import DoorWorld

SETTINGS = UnitSettings(
    site=UnitSiteSettings(id="here"),
    name="front",
    kind="door",
    broker=UnitBrokerSettings(host="poincon.local", port=8883),
    readers=[ReaderSettings("entry"), ReaderSettings("exit", "tty:AMA3:pn532")],
    pins=PinSettings(strike=17, contact=27, rex=22, fire=23, fire_active="open"),
    ring=RingSettings(),
)


class Bench:
    """A unit whose parts are told, and what it then finds."""

    def __init__(self, folder, settings=SETTINGS, probes=None):
        self.world = DoorWorld(folder)
        self.parts = FoundParts(settings, probes or Probes(ring=lambda: ""))

    def found(self, *happenings):
        for happening in happenings:
            self.parts.take(happening, self.world.station.moment())
        return self.parts.all(self.world.station.moment(), self.world.station.alarms)

    def of(self, part, *happenings):
        return next((each for each in self.found(*happenings) if each.part == part), None)


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_every_part_that_is_wired_is_there_once(bench):
    levels = [InputLevel(name, False) for name in ("contact", "rex", "fire")]
    readers = [ReaderState(side, False) for side in ("entry", "exit")]
    parts = [each.part for each in bench.found(*levels, *readers, Connected())]
    wired = ["disk", "strike", "contact", "rex", "fire", "ring", "reader_entry", "reader_exit", "broker", "clock"]
    assert parts == wired
    assert all(each.good for each in bench.found())


@pytest.mark.parametrize(
    ("name", "active", "words"),
    [
        ("contact", True, "circuit open: the door is open"),
        ("contact", False, "circuit closed: the door is shut"),
        ("rex", True, "circuit closed: the button is pressed"),
        ("fire", True, "circuit open: there is a fire"),
        ("fire", False, "circuit closed: no fire"),
    ],
)
def test_an_input_says_in_words_what_it_reads_now(bench, name, active, words):
    assert told(bench.of(name, InputLevel(name, active))).startswith(words)


def test_a_reader_that_is_lost_is_told_with_its_port_and_is_good_again_when_it_is_back(bench):
    lost = bench.of("reader_exit", ReaderState("exit", True))
    assert (lost.good, told(lost)) == (False, "tty:AMA3:pn532 does not answer")
    assert "tty:AMA3:pn532" in cure(lost)
    assert bench.of("reader_exit", ReaderState("exit", False)).good


def test_a_reader_is_not_said_to_answer_before_it_did(bench):
    assert bench.of("reader_entry").code == "reader_awaited"
    assert bench.of("reader_entry", ReaderState("entry", False)).good


def test_a_driver_of_the_strike_that_is_lost_is_told(bench):
    assert bench.of("strike", StrikeState(True)).code == "strike_lost"
    assert bench.of("strike", StrikeState(False)).good


def test_the_kernels_part_in_securing_the_strike_is_told_on_a_pi(tmp_path, mocker):
    config = tmp_path / "config.txt"
    config.write_text("dtparam=spi=on\n")
    mocker.patch.object(boot_config, "BOOT_CONFIG", (config,))
    assert str(config) in cure(Bench(tmp_path / "1").of("strike_rest"))
    config.write_text(f"{boot_config.STRICT_GPIO}\n")
    assert Bench(tmp_path / "2").of("strike_rest").good


def test_ring_and_screen_say_why_they_fail(tmp_path):
    why = {"ring": "SPI 0.0: no such bus", "screen": ""}
    settings = msgspec.structs.replace(SETTINGS, screen=ScreenSettings())
    bench = Bench(tmp_path, settings, Probes(ring=lambda: why["ring"], screen=lambda: why["screen"]))
    assert (bench.of("ring").good, told(bench.of("ring"))) == (False, "SPI 0.0: no such bus")
    assert told(bench.of("screen")) == "SSD1306 on i2c answers"


def test_the_broker_is_told_since_when_and_what_went_before(bench):
    assert bench.of("broker").code == "broker_awaited"
    refused = bench.of("broker", LinkFailed("certificate revoked", True))
    assert (refused.good, told(refused)) == (False, "the broker refuses this unit's certificate: certificate revoked")
    assert bench.of("broker", LinkFailed("no route to host", False)).code == "broker_lost"
    back = bench.of("broker", Connected())
    assert back.good
    assert told(back).endswith("before that: no route to host")
    assert bench.of("broker", Disconnected()).code == "broker_lost"


def test_another_machine_under_the_same_name_is_told_for_a_while(tmp_path):
    taken = [0]
    bench = Bench(tmp_path, probes=Probes(takeovers=lambda: taken[0]))
    bench.found(Connected())
    taken[0] = 1
    assert bench.of("broker").code == "name_taken"
    bench.world.clock.pass_(TAKEN_FOR_S)
    assert bench.of("broker").good


def test_an_alarm_of_the_disk_is_told(bench):
    bench.world.station.alarms.add("disk")
    assert bench.of("disk").code == "disk_fails"


def test_what_is_good_has_no_cure_and_what_is_wrong_has_one():
    wrong = {code for code in TOLD if code.endswith(("_fails", "_fail", "_lost", "_refuses", "_stays", "_unset"))}
    assert wrong <= CURES.keys() <= TOLD.keys()
    assert all(finding("disk", code).good == (code not in CURES) for code in TOLD)


def test_a_code_or_a_fact_that_this_version_does_not_know_is_told_as_it_is():
    strange = Finding(part="disk", good=False, code="disk_melts")
    assert (told(strange), cure(strange)) == ("disk_melts", "")
    assert told(Finding(part="disk", good=True, code="disk_takes")) == "disk_takes"


class Line:
    """A line that keeps the states that go over it."""

    is_up, address = True, "192.0.2.17"

    def __init__(self):
        self.states = []

    def publish(self, channel, message):
        if isinstance(message, State):
            self.states.append(message)


class Round:
    """A controller of `SETTINGS` that is sent round by hand."""

    def __init__(self, folder, runtime=None):
        self.world, self.line = DoorWorld(folder), Line()
        self.controller = Controller(
            SETTINGS,
            "1",
            self.world.station,
            self.world.door,
            link=self.line,
            inbox=SimpleQueue(),
            data=folder,
            alive=lambda: None,
            parts=FoundParts(SETTINGS, runtime=runtime),
        )
        self.controller._begin(self.world.station.moment())

    def take(self, *happenings):
        for happening in happenings:
            self.controller._go_round(happening, self.world.station.moment())

    @property
    def rex(self):
        """What each state that went out said of the button."""
        every = [{each.part: each.code for each in state.findings} for state in self.line.states]
        return [codes.get("rex") for codes in every]


def test_a_button_that_is_pressed_in_haste_changes_the_state_once_a_second(tmp_path):
    around = Round(tmp_path)
    around.world.clock.pass_(1)
    around.take(*(InputLevel("rex", nth % 2 == 0) for nth in range(9)))
    assert around.rex == [None, "button_pressed"]
    around.take(InputLevel("rex", False))
    around.world.clock.pass_(1)
    around.take(None)
    assert around.rex == [None, "button_pressed", "button_up"]


def test_a_change_that_came_too_soon_is_looked_at_when_its_second_is_over(tmp_path):
    around = Round(tmp_path)
    around.take(InputLevel("rex", True))
    around.controller._inbox.put(StrikeState(False))
    moment = around.world.station.moment()
    around.controller._next_input(moment)
    assert moment.now_s < around.controller._round_due_s <= moment.now_s + 1


def test_check_finds_what_the_running_unit_finds(tmp_path, mocker):
    Round(tmp_path, runtime=tmp_path)
    found = read_findings("front", tmp_path)
    assert found is not None
    assert {each.part for each in found.findings} >= {"disk", "strike", "broker"}
    assert read_findings("back", tmp_path) is None
    mocker.patch("os.getpid", return_value=2**22 + 1)
    write_findings(tmp_path, "front", found.findings)
    assert read_findings("front", tmp_path) is None, "it does not run any more"
    (tmp_path / findings_file.NAME).write_text("{")
    assert read_findings("front", tmp_path) is None


def test_check_beside_a_running_unit_asks_it_and_touches_nothing(tmp_path):
    write_findings(tmp_path, "front", [finding("reader_entry", "reader_answers", device="tty:AMA0:pn532")])
    found = list(findings(SETTINGS, tmp_path / "none", tmp_path))
    assert [each.code for each in found] == ["settings_read", "unit_runs", "reader_answers"]
    assert not (tmp_path / "none").exists()


def test_a_folder_that_takes_no_file_stops_nobody(tmp_path):
    around = Round(tmp_path, runtime=tmp_path / "none")
    around.take(InputLevel("rex", True))
    assert around.controller.failures == 0


def test_the_parts_of_the_codes_are_all_named():
    sides = {f"reader_{side}" for side in ("entry", "exit", "toggle")}
    assert {"contact", "rex", "fire", "tamper", "broker", "clock", *sides} <= PARTS.keys()
