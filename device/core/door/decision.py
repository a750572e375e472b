"""The decision at a door, rules 2: the rows of its table, in their order, each a refusal or a grant with its reason.

The unit decides alone: everything the decision depends on is passed in.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from device.contract.access_list import Grant
from device.contract.instant import Instant
from device.contract.messages import Direction, DoorMode, Reason, Verdict
from device.core.door.compiled_list import CompiledList

KEYED_SCHEMES = ("ntag424", "desfire")


class Presented(NamedTuple):
    """A credential at a reader; `authentic` is None where it was known by its ID alone and proved nothing."""

    credential: str
    direction: Direction
    authentic: bool | None = None


class Circumstances(NamedTuple):
    """What a decision depends on besides the badge and the list.

    `now` and `local` are the same moment, and None while the clock is not trusted: then rows 7 to 9 are not enforced.
    `present` is None where the occupancy is not known or too old. `inside`: this member came in and did not leave.
    """

    now: Instant | None
    local: datetime | None
    mode: DoorMode
    present: int | None
    inside: bool
    list_max_age_h: float = 72


class Decision(NamedTuple):
    """Granted or denied, always with exactly one reason, and the grant of the list behind it, if any."""

    verdict: Verdict
    reason: Reason
    grant: Grant | None = None

    @property
    def granted(self) -> bool:
        """Whether the strike is released."""
        return self.verdict == "granted"


def decide(presented: Presented, access_list: CompiledList, around: Circumstances) -> Decision:
    """What the door answers to a badge (rules 2)."""
    grant = access_list.grants.get(presented.credential)
    if presented.direction == "exit":
        return Decision("granted", "exit", grant)
    if around.mode == "free":
        return Decision("granted", "free_passage", grant)
    must_prove = presented.credential.partition(":")[2] in access_list.keyed
    if grant is None and not must_prove:
        return Decision("denied", "unknown_credential")
    if grant is None or not _proved(presented, grant):
        return Decision("denied", "not_authentic", grant)
    for reason, applies in _DENIALS:
        if applies(grant, access_list, around):
            return Decision("denied", reason, grant)
    if around.inside:
        return Decision("denied" if access_list.hard_anti_passback else "granted", "already_inside", grant)
    return Decision("granted", "granted", grant)


def _proved(presented: Presented, grant: Grant) -> bool:
    if presented.credential.startswith(KEYED_SCHEMES) or grant.key is not None:
        return presented.authentic is True
    return True


def _revoked(grant: Grant, access_list: CompiledList, around: Circumstances) -> bool:
    return grant.standing == "revoked"


def _suspended(grant: Grant, access_list: CompiledList, around: Circumstances) -> bool:
    return grant.standing == "suspended"


def _expired(grant: Grant, access_list: CompiledList, around: Circumstances) -> bool:
    if around.local is None:
        return False
    today = around.local.date().isoformat()
    return not grant.from_ <= today <= grant.until


def _stale(grant: Grant, access_list: CompiledList, around: Circumstances) -> bool:
    if around.now is None or grant.role == "concierge":
        return False
    return (around.now - access_list.issued_at).total_seconds() > around.list_max_age_h * 3600


def _outside_hours(grant: Grant, access_list: CompiledList, around: Circumstances) -> bool:
    """A door that an operator locked has no hours until it is unlocked, for concierges neither."""
    if around.mode == "locked":
        return True
    return around.local is not None and not access_list.schedule_of(grant).holds(around.local)


def _no_credit(grant: Grant, access_list: CompiledList, around: Circumstances) -> bool:
    return grant.standing == "no_credit"


def _full(grant: Grant, access_list: CompiledList, around: Circumstances) -> bool:
    capacity = access_list.capacity
    if capacity.mode != "deny" or around.present is None or grant.role == "concierge":
        return False
    return around.present >= capacity.max


_DENIALS: tuple[tuple[Reason, Callable[[Grant, CompiledList, Circumstances], bool]], ...] = (
    ("revoked", _revoked),
    ("suspended", _suspended),
    ("expired", _expired),
    ("stale_list", _stale),
    ("outside_hours", _outside_hours),
    ("no_credit", _no_credit),
    ("full", _full),
)
"""Rows 5 to 11: what refuses a credential that is known and authentic."""
