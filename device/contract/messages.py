"""The messages of the contract, version 1, and the events of a unit's journal.

Sizes and ranges are narrower than JSON's, so that what was accepted can always be stored and computed with.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from device.contract.instant import Instant

END = r"(?!\n)"
"""Behind `$`, which in Python also matches before a last line feed, as it does not in JSON Schema's dialect."""

Name = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,32}$" + END)]
"""Of a site, a unit, a room."""
Credential = Annotated[str, Meta(pattern=r"^(uid|ntag424|desfire):([0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$" + END)]
"""`scheme:ID`; an ID has the 4, 7 or 10 bytes of ISO 14443-3, in upper-case hex."""
Epoch = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}$" + END)]
Sequence = Annotated[int, Meta(ge=1, le=2**53)]
MOST_PEOPLE = 999
"""Of a room."""
People = Annotated[int, Meta(ge=0, le=MOST_PEOPLE)]
Seats = Annotated[int, Meta(ge=1, le=MOST_PEOPLE)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Cents = Annotated[int, Meta(ge=-(10**9), le=10**9)]
Milliseconds = Annotated[int, Meta(ge=0, le=100 * 366 * 86_400_000)]
Version = Annotated[int, Meta(ge=0, le=2**53)]
Text = Annotated[str, Meta(max_length=200)]
Colour = Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}$" + END)]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9]|24:00)$" + END)]
CalendarDate = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" + END)]
Key = Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{32}$" + END)]
"""An AES-128 key in hex."""
KeyVersion = Annotated[int, Meta(ge=1, le=255)]
"""Of the site's badge keys: the byte that a badge keeps beside each key; 0 is a blank badge's."""
ReleaseId = Annotated[str, Meta(pattern=r"^[0-9][0-9A-Za-z.+-]{0,54}-[0-9a-f]{8}$" + END)]
"""Of a release of the program: its version, and the beginning of the SHA-256 of its list of files."""
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$" + END)]
Signature = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{40,200}={0,2}$" + END)]
"""In base64."""
PathOfUrl = Annotated[str, Meta(pattern=r"^/[A-Za-z0-9/.+-]{1,120}$" + END)]
PortNumber = Annotated[int, Meta(ge=1, le=65_535)]

Clock = Literal["synced", "holdover", "unset"]
Side = Literal["entry", "exit", "toggle"]
Direction = Literal["entry", "exit"]
Verdict = Literal["granted", "denied"]
Reason = Literal[
    "exit",
    "free_passage",
    "unknown_credential",
    "not_authentic",
    "revoked",
    "suspended",
    "expired",
    "stale_list",
    "outside_hours",
    "no_credit",
    "full",
    "already_inside",
    "granted",
]
"""The rows of rules 2, in their order."""
AlarmName = Literal["forced", "held", "tamper", "fire", "not_authentic", "reader", "strike", "disk"]
Means = Literal["badge", "rex", "command", "free"]
"""What let somebody through a door."""
Level = Literal["comfortable", "busy", "full"]
Standing = Literal["ok", "no_credit", "suspended", "revoked"]
Role = Literal["member", "concierge"]
UnitKind = Literal["door", "room", "desk"]
DoorMode = Literal["normal", "free", "locked"]
Payer = Literal["resident", "nomade", "tickets", "nomade+tickets", "golden", "owed", "free"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of `date.weekday()`."""


class Message(Struct, frozen=True, kw_only=True, gc=False):
    """One payload of the contract."""


class Event(Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", omit_defaults=True):
    """One thing that happened at a unit, `at` its own clock.

    Under `clock = "unset"` the time is worth nothing and `age_ms`, the age when the run was sent, must be there.
    """

    at: Instant
    clock: Clock
    age_ms: Milliseconds | None = None

    def __post_init__(self) -> None:
        if self.clock == "unset" and self.age_ms is None:
            raise ValueError("an event under an unset clock needs `age_ms`")


class Access(Event, frozen=True, kw_only=True, gc=False, tag="access"):
    """A badge was presented to the reader of `side`, and this is what the unit decided.

    `key_version` is the version of the key that it proved, where it proved one whose version the list tells. Where it
    proved none that the list has of it, `list_issued_at` is when that list was issued: one from before it got its keys
    does not have them.
    """

    credential: Credential
    side: Side
    decision: Verdict
    reason: Reason
    key_version: KeyVersion | None = None
    list_issued_at: Instant | None = None


class Passage(Event, frozen=True, kw_only=True, gc=False, tag="passage"):
    """Somebody went through; `credential` is null for anonymous ones."""

    credential: Credential | None
    side: Direction
    by: Means


class Unused(Event, frozen=True, kw_only=True, gc=False, tag="unused"):
    """A grant that nobody used."""

    credential: Credential | None
    side: Direction


class Alarm(Event, frozen=True, kw_only=True, gc=False, tag="alarm"):
    """An alarm began (`active`) or ended."""

    alarm: AlarmName
    active: bool


class RoomSet(Event, frozen=True, kw_only=True, gc=False, tag="room"):
    """Somebody turned or pressed the dial of a room."""

    room: Name
    use: Name
    people: People


class CommandDone(Event, frozen=True, kw_only=True, gc=False, tag="command_done"):
    """A command was carried out, or could not be, and why."""

    id: Text
    ok: bool
    error: Annotated[str, Meta(max_length=1000)] | None


class Started(Event, frozen=True, kw_only=True, gc=False, tag="started"):
    """The unit came up."""

    version: Text
    cause: Literal["boot", "crash", "update"]


AnyEvent = Access | Passage | Unused | Alarm | RoomSet | CommandDone | Started

MAX_RUN = 200
"""Events in one run, at the most."""


class Run(Message, frozen=True, kw_only=True, gc=False):
    """Journal events of one epoch: the one at index i is number `first` + i."""

    epoch: Epoch
    first: Sequence
    sent_at: Instant
    events: Annotated[list[AnyEvent], Meta(min_length=1, max_length=MAX_RUN)]


class Ack(Message, frozen=True, kw_only=True, gc=False):
    """Every event of the epoch up to and including `through` is kept by the server."""

    epoch: Epoch
    through: Annotated[int, Meta(ge=0, le=2**53)]


class Inside(Message, frozen=True, kw_only=True):
    """Which members are in, as of a moment; passages of the unit's own that are newer come on top."""

    members: list[int]
    as_of: Instant


class Left(Struct, frozen=True, kw_only=True, gc=False):
    """What a member will hold, by kind; `nomade` is null for who has no such pass."""

    hour: Count
    half_day: Count
    day: Count
    golden: Count
    nomade: Count | None


class Receipt(Message, frozen=True, kw_only=True, gc=False):
    """The answer to the granted tap (`epoch`, `seq`), as if its passage had happened.

    `of` is the size of the carnet that pays, null where none does; `expires` the last valid day of what goes first.
    """

    epoch: Epoch
    seq: Sequence
    paid_by: Payer
    left: Left
    of: Count | None
    owed_cents: Cents
    expires: CalendarDate | None
    greeting: Text


class Command(Message, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """An order with an expiry; `value` and `until` go with `mode`, `session` and `for_s` with `lend`.

    What follows them goes with `update`: `path` and `port` say where the server answers over HTTP, on the host that is
    the broker's too; `sha256` is the archive's, and `signature` the authority's under
    `device.contract.release.statement`.
    """

    id: Annotated[str, Meta(min_length=1, max_length=200)]
    kind: Literal["release", "mode", "identify", "restart", "lend", "update"]
    expires_at: Instant
    by: Text
    value: DoorMode | None = None
    until: Instant | None = None
    session: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$" + END)] | None = None
    for_s: Annotated[int, Meta(ge=1, le=600)] | None = None
    release: ReleaseId | None = None
    sha256: Sha256 | None = None
    signature: Signature | None = None
    path: PathOfUrl | None = None
    port: PortNumber | None = None

    def __post_init__(self) -> None:
        if self.kind == "mode" and self.value is None:
            raise ValueError("a mode command needs `value`")
        if self.kind == "lend" and (self.session is None or self.for_s is None):
            raise ValueError("a lend command needs `session` and `for_s`")
        if self.kind == "update":
            needed = ("release", "sha256", "signature", "path", "port")
            missing = [name for name in needed if getattr(self, name) is None]
            if missing:
                raise ValueError(f"an update command needs `{missing[0]}`")


class Occupancy(Message, frozen=True, kw_only=True, gc=False):
    """How many are in, guests included; `uncertain` counts the anonymous exits that blur it."""

    present: Count
    guests: Count
    comfortable: Count
    max: Count
    level: Level
    uncertain: Count
    as_of: Instant


class Hours(Message, frozen=True, kw_only=True, gc=False):
    """Open until when, or closed and opening when (null where no opening is known)."""

    open: bool
    until: Instant | None
    opens_at: Instant | None


class Reserved(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, rename={"from_": "from"}):
    """When the room is reserved, now or next today; let go at `let_go_at` unless taken up, null once it was."""

    from_: Instant
    until: Instant
    let_go_at: Instant | None = None


class RoomStatus(Message, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What a room is used for and by how many; `reservation` is left out where there is none."""

    name: Text
    seats: Seats
    people: People
    use: Name
    label: Text
    colour: Colour
    since: Instant
    set_by: Literal["dial", "desk", "closing"]
    reservation: Reserved | None = None
