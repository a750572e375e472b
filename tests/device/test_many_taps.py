"""A door that is tapped at all day holds no more at its end than at its beginning: nfcpy, the unit and its journal."""

import gc
import os
import sys
import threading
from pathlib import Path
from typing import NamedTuple

from device.contract.keys import DOOR_SLOT
from device.inbox import Removed, Tap
from device.simulation.cards import FACTORY_KEYS, Desfire, Ntag424
from device.simulation.iso_dep import IsoDep
from tests.device.adapters.readers.field import Field, HeldOut, served
from tests.device.unit_world import UnitWorld
from tests.device.world import access_list, grant

FIRST, OTHER = bytes(range(16)), bytes(range(16, 32))
BADGES = 20
BEFORE, IN_A_ROW = 200, 400
HELD_S = 1.0
MORE_OBJECTS = IN_A_ROW // 4
MORE_BLOCKS = 2 * IN_A_ROW
"""Python keeps freed tuples for the next ones, ever fewer more of them; one event that is kept of a tap takes three."""


class Held(NamedTuple):
    """What the process holds."""

    files: int
    threads: int
    objects: int
    blocks: int


def held() -> Held:
    gc.collect()
    files, objects = len(list(Path("/proc/self/fd").iterdir())), len(gc.get_objects())
    return Held(files, threading.active_count(), objects, sys.getallocatedblocks())


def badge(nth: int) -> tuple[str, Ntag424 | Desfire]:
    """Every second one a DESFire; of each two, one holds the key that a door asks for first."""
    uid = f"04A1B2C3D4{nth:04X}"
    keys = [*FACTORY_KEYS]
    keys[DOOR_SLOT] = OTHER if nth % 4 > 1 else FIRST
    card = (Desfire if nth % 2 else Ntag424)(bytes.fromhex(uid), keys, os.urandom)
    return f"{'desfire' if nth % 2 else 'ntag424'}:{uid}", card


class TappedDoor:
    """A door before whose reader badges come and go; what it holds is noted from some tap on, and at the end."""

    def __init__(self, folder):
        badges = [badge(nth) for nth in range(BADGES)]
        keys = {"key": FIRST.hex().upper(), "other_key": OTHER.hex().upper()}
        versions = {"key_version": 1, "other_key_version": 2}
        grants = [grant(name, nth, **keys, **versions) for nth, (name, _) in enumerate(badges, start=1)]
        self.unit = UnitWorld(folder, heard=[access_list(grants=grants)])
        self.protocols = {card.uid.hex().upper(): IsoDep(card) for _, card in badges}
        held_out = [HeldOut(uid, protocol, HELD_S) for uid, protocol in self.protocols.items()]
        self.field = Field(*held_out * ((BEFORE + IN_A_ROW) // BADGES))
        self.verdicts: dict[str, int] = {}
        self.noted: list[Held] = []
        self.faults: list[bool] = []
        self._taps = 0

    def live(self):
        keyring = self.unit.world.knowledge.access_list.keyring
        served(self.field, keyring, on_badge=self._tap, on_gone=self._gone, on_fault=self.faults.append)

    def _tap(self, presented):
        self._go_on(Tap("entry", presented))

    def _gone(self, uid):
        self.protocols[uid].power_on()  # out of the field it forgets
        self._go_on(Removed("entry", uid))
        self._taps += 1
        if self._taps in (BEFORE, BEFORE + IN_A_ROW):
            self.noted.append(held())

    def _go_on(self, happening):
        world = self.unit.world
        world.clock.pass_(max(0.0, self.field.now_s - self._passed_s))
        self.unit.take(happening)
        for verdict in (told for told in world.told if told.startswith(("granted", "denied"))):
            self.verdicts[verdict] = self.verdicts.get(verdict, 0) + 1
        for told in (world.told, world.witness.frames, world.witness.holds):
            told.clear()

    @property
    def _passed_s(self):
        return self.unit.world.clock.now_s - 1000.0


def test_after_four_hundred_taps_in_a_row_a_door_holds_no_more_than_before(tmp_path):
    door = TappedDoor(tmp_path)
    door.live()
    assert door.faults == []
    assert door.verdicts == {"granted granted": BEFORE + IN_A_ROW}
    before, after = door.noted
    assert (after.files, after.threads) == (before.files, before.threads)
    assert after.objects - before.objects < MORE_OBJECTS
    assert after.blocks - before.blocks < MORE_BLOCKS
