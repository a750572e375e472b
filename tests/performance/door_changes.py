"""What is tried at a door, one thing at a time, each beside the door as it is (`trials.py`)."""

import gc
import sys
from collections.abc import Callable
from typing import Any

from device.adapters.readers.card import Card
from device.adapters.readers.nfc_reader import NfcReader
from device.core.badge import authentication
from device.core.badge.aes import decrypt, encrypt
from device.inbox import ReaderState
from device.units.door import DoorUnit


def _own_switch_interval() -> None:
    sys.setswitchinterval = lambda seconds: None


def _shortest_switch_interval() -> None:
    set_interval = sys.setswitchinterval
    sys.setswitchinterval = lambda seconds: set_interval(0.000_05)


def _nothing_frozen() -> None:
    gc.freeze = lambda: None


def _no_collection_meanwhile() -> None:
    reader: Any = NfcReader
    proved = reader._proved

    def undisturbed(self: Any, *given: Any) -> Any:
        gc.disable()
        try:
            return proved(self, *given)
        finally:
            gc.enable()

    reader._proved = undisturbed


def _ciphers_made_when_used() -> None:
    """And the session's keys made as well: the door before."""
    for name, work in (("ready_to_encrypt", encrypt), ("ready_to_decrypt", decrypt)):
        setattr(authentication, name, lambda key, work=work: lambda text: work(key, text))
    attempt: Any = authentication.Ev2Attempt
    carry_out = attempt.carry_out

    def with_keys(self: Any, *given: Any) -> Any:
        agreed = carry_out(self, *given)
        authentication._ev2_keys(bytes(16), agreed.rnd_a, agreed.rnd_b)
        return agreed

    attempt.carry_out = with_keys


def _controller_roused() -> None:
    """It has a round before the badge is activated."""
    card: Any = Card
    reader: Any = NfcReader
    activate, begin = card.activate, reader.__init__
    of_reader: list[Any] = []

    def noted(self: Any, *given: Any, **more: Any) -> None:
        of_reader.append(more["on_ready"])
        begin(self, *given, **more)

    def rousing(self: Any) -> None:
        of_reader[0]()
        activate(self)

    reader.__init__ = noted
    card.activate = rousing


def _driver_roused_too() -> None:
    """It is told once more what it was told last."""
    _controller_roused()
    door: Any = DoorUnit
    take = door.take

    def rousing(self: Any, happening: Any, moment: Any) -> None:
        take(self, happening, moment)
        if isinstance(happening, ReaderState):
            self._strike._order(self._strike._until_s)

    door.take = rousing


CHANGES: dict[str, Callable[[], None]] = {
    "switch interval of 5 ms, as Python has it": _own_switch_interval,
    "switch interval of 0.05 ms": _shortest_switch_interval,
    "nothing frozen": _nothing_frozen,
    "no collection while a badge is spoken to": _no_collection_meanwhile,
    "ciphers made when they are used, the session's keys too": _ciphers_made_when_used,
    "the controller roused while the badge is activated": _controller_roused,
    "the controller and the strike's driver roused": _driver_roused_too,
}
