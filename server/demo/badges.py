"""The badges of the bench as files, each as the desk left it: `poincon-unit tap --badge` holds them to readers."""

import json
import os
from pathlib import Path
from typing import Any

from device.contract.keys import DOOR_SLOT, MASTER_SLOT, TRAVEL_SLOT
from device.simulation.blank import signed_ntag424
from device.simulation.cards import FACTORY_KEYS, Desfire, Ntag424
from server.core.doors.key_diversification import badge_key
from server.demo.fixtures import BADGES, SITE, DemoBadge

FIRST_VERSION = 1
"""Of the keys of a place that was just made."""
OWN_SLOTS = (MASTER_SLOT, DOOR_SLOT, TRAVEL_SLOT)
"""The keys of a badge that was given out before badges had addresses."""


def write_badges(folder: Path, site_key: bytes) -> None:
    """Makes the file of every badge."""
    folder.mkdir(mode=0o700)
    for badge in BADGES:
        file = badge_file(folder, badge.id)
        file.touch(mode=0o600)
        file.write_text(json.dumps(_state(badge, site_key), indent=1), "utf-8")


def badge_file(folder: Path, badge: str) -> Path:
    """Where a badge lives, by its id."""
    return folder / f"{badge}.json"


def _state(badge: DemoBadge, site_key: bytes) -> dict[str, Any]:
    if badge.condition == "telephone":
        return {"kind": "phone"}
    uid = bytes.fromhex(badge.uid)
    match badge.condition, badge.credential.partition(":")[0]:
        case _, "uid":
            return {"kind": "uid", "uid": uid.hex()}
        case "copied", _:  # whoever copies a number has neither its keys nor its maker's signature
            return Ntag424(uid, FACTORY_KEYS, os.urandom).state()
        case "blank", _:
            return signed_ntag424(uid, FACTORY_KEYS, os.urandom).state()
    return _enrolled(badge, uid, site_key).state()


def _enrolled(badge: DemoBadge, uid: bytes, site_key: bytes) -> Ntag424 | Desfire:
    keys, versions = list(FACTORY_KEYS), [0] * len(FACTORY_KEYS)
    for slot in OWN_SLOTS:
        keys[slot], versions[slot] = badge_key(site_key, uid, slot, SITE), FIRST_VERSION
    if badge.credential.startswith("desfire:"):
        card: Ntag424 | Desfire = Desfire(uid, keys, os.urandom)
    else:
        card = signed_ntag424(uid, keys, os.urandom)
    card.versions[:] = versions
    return card
