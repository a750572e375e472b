"""The badges of the bench as files, each as the desk left it: `poincon-unit tap --badge` holds them to readers."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from device.core.badge.keys import Keys
from device.simulation.blank import signed_desfire, signed_ntag424
from device.simulation.cards import FACTORY_KEYS, Desfire, Ntag424
from server.core.doors.key_diversification import badge_keys
from server.demo.fixtures import BADGES, SITE, DemoBadge
from server.site.badge_keys import SiteKeys
from server.store.people.badge_keys import BadgeKeys


def write_badges(folder: Path, site_keys: SiteKeys, known: Mapping[str, BadgeKeys]) -> None:
    """Makes the file of every badge; `known` is what the books have of their keys, by their IDs."""
    folder.mkdir(mode=0o700)
    for badge in BADGES:
        keys = _keys(badge, site_keys, known[badge.uid]) if badge.has_key else None
        file = badge_file(folder, badge.id)
        file.touch(mode=0o600)
        file.write_text(json.dumps(_state(badge, keys), indent=1), "utf-8")


def badge_file(folder: Path, badge: str) -> Path:
    """Where a badge lives, by its id."""
    return folder / f"{badge}.json"


def _keys(badge: DemoBadge, site_keys: SiteKeys, held: BadgeKeys) -> Keys:
    uid, version = bytes.fromhex(badge.uid), site_keys.present
    return badge_keys(site_keys.present_key, uid, held.enrolment or 0, SITE, version)


def _state(badge: DemoBadge, keys: Keys | None) -> dict[str, Any]:
    if badge.condition == "telephone":
        return {"kind": "phone"}
    uid = bytes.fromhex(badge.uid)
    if badge.credential.startswith("uid:"):
        return {"kind": "uid", "uid": uid.hex()}
    if keys is not None:
        return _enrolled(badge, uid, keys).state()
    if badge.condition == "copied":  # whoever copies a number has neither its keys nor its maker's signature
        return Ntag424(uid, FACTORY_KEYS, os.urandom).state()
    return signed_ntag424(uid, FACTORY_KEYS, os.urandom).state()


def _enrolled(badge: DemoBadge, uid: bytes, keys: Keys) -> Ntag424 | Desfire:
    if badge.credential.startswith("desfire:"):
        card: Ntag424 | Desfire = signed_desfire(uid, keys.slots, os.urandom)
    else:
        card = signed_ntag424(uid, keys.slots, os.urandom)
    card.versions[:] = [keys.shown_version(slot) for slot in range(len(keys.slots))]
    return card
