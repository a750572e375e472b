"""What happened, in plain words."""

from typing import get_args

import pytest

from device.contract.messages import AlarmName, Reason
from server.demo.narration import ADMITTED, ALARMS, RUN, SWITCHED, counted, linked, of_line
from server.demo.texts import both
from server.demo.views import Switchable
from server.i18n import labels

CLAIRE = both("{name}", name="Claire Fontaine")


def told(line: str) -> tuple[str, str] | None:
    found = of_line(line, CLAIRE)
    return found and (found.mark, found.text["en"])


def test_every_reason_of_the_house_has_its_words():
    assert set(labels.REASONS) == set(get_args(Reason))
    assert set(ADMITTED) < set(labels.REASONS)


def test_every_alarm_has_its_words():
    assert set(ALARMS) == set(get_args(AlarmName))


def test_every_switch_and_process_is_told_both_ways():
    assert set(SWITCHED) == {(what, on) for what in get_args(Switchable) for on in (True, False)}
    assert set(RUN) == {(what, on) for what in ("server", "broker") for on in (True, False)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("decision granted granted uid:04A1B2C3", ("yes", "Claire Fontaine: welcome")),
        ("decision denied revoked uid:04A1B2C3", ("no", "Claire Fontaine: refused, badge lost or revoked")),
        (
            "decision denied unknown_credential uid:08A1B2C3",
            ("no", "Claire Fontaine: refused, a telephone shows another number each time and cannot be a badge"),
        ),
        ("decision granted exit uid:08A1B2C3", ("yes", "Claire Fontaine: may go out, as always")),
        ("decision denied something_new uid:04A1B2C3", ("no", "Claire Fontaine: something_new")),
        ("strike released", ("quiet", "the strike is free: push the door")),
        ("alarm forced on", ("alarm", "ALARM: door forced")),
        ("alarm forced off", ("quiet", "alarm over: door forced")),
        ("ring #000000", None),
        ("buzzer granted", None),
    ],
)
def test_a_line_of_a_unit_in_words(line: str, expected: tuple[str, str] | None):
    assert told(line) == expected


def test_a_count_is_told_when_it_changes_and_how():
    assert counted(None, 10) is None
    assert counted(10, 10) is None
    risen = counted(10, 11)
    assert risen and risen.text["fr"] == "compte 11 présents (+1)"


def test_what_waited_in_a_unit_is_told_when_it_is_heard_again():
    assert linked(True, 3).text["en"] == "hears this unit again: 3 events to hand over"
    assert linked(True, 1).text["en"] == "hears this unit"
    assert linked(False, 0).text["en"] == "the server does not hear this unit any more"
