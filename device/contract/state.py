"""How a unit says it is: its state, what it finds of its parts, how an update of it ended."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from device.contract.instant import Instant
from device.contract.messages import END, AlarmName, Clock, Count, Message, ReleaseId, Text, UnitKind, Version

Code = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}$" + END)]
"""Of a finding, or of the part that it is about."""

MAY_LACK = ("findings", "updates", "release", "update", "slots", "lends")
"""What an online state may leave out: units of former versions do not say it."""


class Finding(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What a unit finds of one of its parts; `code` says it, `facts` fill its text in (`findings.py`)."""

    part: Code
    good: bool
    code: Code
    facts: Annotated[dict[str, Text], Meta(max_length=8)] = field(default_factory=dict)


class UpdateOutcome(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """How an update ended, and which order it was; `why` is a code, and what it is about behind a space."""

    order: Text
    release: ReleaseId
    result: Literal["done", "went_back", "refused"]
    why: Text = ""


class State(Message, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """How a unit is; its last will says `online = false` and nothing else.

    `findings` is what it finds of its parts. `updates` says that it takes the command `update`, `release` which release
    it runs, `update` how the last one ended. `slots`: it knows the `slot` of a grant. `lends`: it has a reader to lend.
    """

    online: bool
    kind: UnitKind | None = None
    version: Text | None = None
    since: Instant | None = None
    outbox: Count | None = None
    list_version: Version | None = None
    clock: Clock | None = None
    address: Text | None = None
    alarms: Annotated[list[AlarmName], Meta(max_length=20)] | None = None
    disk_free_mb: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    findings: Annotated[list[Finding], Meta(max_length=40)] | None = None
    updates: bool | None = None
    release: ReleaseId | None = None
    update: UpdateOutcome | None = None
    slots: bool | None = None
    lends: bool | None = None

    def __post_init__(self) -> None:
        missing = [name for name in self.__struct_fields__ if name not in MAY_LACK and getattr(self, name) is None]
        if self.online and missing:
            raise ValueError(f"an online state needs `{missing[0]}`")
