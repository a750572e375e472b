"""A reader's field without a reader: cards held out one after the other, and a clock that what happens moves on."""

import random
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import nfc.clf

from device.adapters.readers import NfcReader
from device.core.badge.candidates import Candidates, DoorKey, Keyring
from device.simulation.iso_dep import IsoDep

LOOK_S = 0.012
"""What a look for a badge takes a PN532."""


class HeldOut(NamedTuple):
    """A card that is held out for so many seconds; each answer takes it so long."""

    uid: str
    protocol: IsoDep
    for_s: float
    answers_after_s: float = 0.002
    sak: int = 0x20


class Field:
    """nfcpy's side of a reader, before which `cards` are held out in turn.

    `longest_s` is the longest that a card had the reader; `openings`: an error that gets past the adapter has it opened
    anew.
    """

    def __init__(self, *cards: HeldOut) -> None:
        self._cards, self.now_s = cards, 0.0
        self.busy_from_s, self.longest_s = 0.0, 0.0
        self.openings = 0

    def open(self, path: str) -> "Field":
        """Opens the reader."""
        self.openings += 1
        return self

    @property
    def end_s(self) -> float:
        """When the last one is taken away."""
        return sum(card.for_s for card in self._cards)

    @property
    def card(self) -> HeldOut | None:
        """The one that is held out now."""
        until_s = 0.0
        for card in self._cards:
            until_s += card.for_s
            if self.now_s < until_s:
                return card
        return None

    def rest(self) -> None:
        """The reader is free of its card: notes how long it was not."""
        self.longest_s = max(self.longest_s, self.now_s - self.busy_from_s)
        self.busy_from_s = self.now_s

    def sense_tta(self, target: Any) -> Any:
        """As the chip selects a card by itself."""
        self.rest()
        self.now_s += LOOK_S
        self.busy_from_s = self.now_s
        if (card := self.card) is None:
            return None
        card.protocol.power_on()
        uid = bytes.fromhex(card.uid)
        return nfc.clf.RemoteTarget("106A", sens_res=b"\x44\x03", sel_res=bytes((card.sak,)), sdd_res=uid)

    def send_cmd_recv_rsp(self, target: Any, data: bytes, timeout: float) -> Any:
        """One frame and its answer."""
        card = self.card
        answer = card.protocol.feed(bytes(data)) if card else None
        if card is None or answer is None or card.answers_after_s > timeout:
            self.now_s += timeout
            raise nfc.clf.TimeoutError("silence")
        self.now_s += card.answers_after_s
        return bytearray(answer)

    def mute(self) -> None:
        """The field goes off."""

    close = mute

    def get_max_send_data_size(self, target: Any) -> int:
        """Of a frame."""
        return 290

    get_max_recv_data_size = get_max_send_data_size


class _Time(threading.Event):
    """Set when the last card is gone and missed; whoever waits moves the clock."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field

    def is_set(self) -> bool:
        return self._field.now_s > self._field.end_s + 1

    def wait(self, timeout: float | None = None) -> bool:
        self._field.rest()
        self._field.now_s += timeout or 0.0
        self._field.busy_from_s = self._field.now_s
        return self.is_set()


def served(field: Field, keyring: Keyring, **callbacks: Callable[[Any], None]) -> None:
    """A reader before that field, from the first card to when the last is missed; without a thread."""
    reader = NfcReader(
        "a reader",
        keyring=keyring,
        connect=field.open,
        random=random.randbytes,
        monotonic_s=lambda: field.now_s,
        **callbacks,  # type: ignore[arg-type]
    )
    reader._stopping = _Time(field)
    reader._run()


def told_at(field: Field, scheme: str, *keys: bytes) -> list[tuple[str, Any]]:
    """What a reader tells of the cards in `field`, as (kind, value): each may prove one of `keys` under `scheme`."""
    told: list[tuple[str, Any]] = []
    served(
        field,
        lambda uid: Candidates(scheme, tuple(map(DoorKey, keys))),
        on_badge=lambda badge: told.append(("badge", (badge.uid, badge.authentic))),
        on_gone=lambda uid: told.append(("gone", uid)),
        on_fault=lambda lost: told.append(("fault", lost)),
    )
    return told
