"""The access list as a unit holds it: looked up by credential in constant time, its schedules in minutes."""

from collections.abc import Mapping
from dataclasses import dataclass

from device.contract.access_list import AccessList, Capacity, Grant
from device.contract.instant import Instant
from device.core.badge.candidates import Candidates, DoorKey
from device.core.door.schedule import NEVER, LocalSchedule, local_schedule


@dataclass(frozen=True)
class CompiledList:
    """Who may pass; `keyed` tells the full credential of each badge that must prove a key, by its ID in hex."""

    version: int
    issued_at: Instant
    hard_anti_passback: bool
    grants: Mapping[str, Grant]
    keyed: Mapping[str, str]
    schedules: Mapping[str, LocalSchedule]
    free_passage: tuple[tuple[Instant, Instant], ...]
    capacity: Capacity
    checkout_after_min: int

    def schedule_of(self, grant: Grant) -> LocalSchedule:
        """The hours of a grant; none at all where the list does not have its schedule."""
        return self.schedules.get(grant.schedule, NEVER)

    def keyring(self, uid: str) -> Candidates | None:
        """What the badge with this ID must prove, or None for one known by its ID alone."""
        credential = self.keyed.get(uid)
        if credential is None:
            return None
        grant = self.grants[credential]
        offered = ((grant.key, grant.key_version), (grant.other_key, grant.other_key_version))
        keys = tuple(DoorKey(bytes.fromhex(key), version) for key, version in offered if key is not None)
        return Candidates(credential.partition(":")[0], keys, grant.slot)


def compiled(message: AccessList) -> CompiledList:
    """The list of the contract, made ready. Of two grants for one credential the later stands."""
    grants = {grant.credential: grant for grant in message.grants}
    return CompiledList(
        version=message.version,
        issued_at=message.issued_at,
        hard_anti_passback=message.hard_anti_passback,
        grants=grants,
        keyed={name.partition(":")[2]: name for name, grant in grants.items() if _must_prove(grant)},
        schedules={name: local_schedule(schedule) for name, schedule in message.schedules.items()},
        free_passage=tuple(message.free_passage),
        capacity=message.capacity,
        checkout_after_min=message.checkout_after_min,
    )


def _must_prove(grant: Grant) -> bool:
    """Also where the list has no key for it any more: then it can prove nothing, and is refused as that."""
    return grant.key is not None or not grant.credential.startswith("uid:")


NO_LIST = CompiledList(
    version=0,
    issued_at=Instant.of_epoch_ms(0),
    hard_anti_passback=False,
    grants={},
    keyed={},
    schedules={},
    free_passage=(),
    capacity=Capacity(mode="warn", max=1),
    checkout_after_min=30,
)
"""What a unit holds before the server ever spoke to it: nobody enters, everybody leaves."""
