"""What can need a hand, of machines and of people: one class a kind."""

from server.desk.machine_items import (
    ActiveAlarm,
    BackupOverdue,
    BackupsBesideBooks,
    BrokerAway,
    DamagedBooks,
    FireAlarm,
    MessagesSetAside,
    RecentAlarm,
    ReplicaBehind,
    SilentUnit,
    TwoMachines,
    UnreadCalendar,
    UnsealedBackup,
    UnwritableDisk,
)
from server.desk.people_items import (
    AutomaticCheckOuts,
    CopyableRefused,
    CrowdedRooms,
    DebtsOfPresent,
    DoorBehind,
    DoubtfulStep,
    ExpiringOfPresent,
    KeyRotation,
    TelephoneShown,
    UncertainPresence,
    UnknownBadge,
    UnprovenBadge,
)

AttentionItem = (
    FireAlarm
    | ActiveAlarm
    | RecentAlarm
    | UnprovenBadge
    | DamagedBooks
    | UnwritableDisk
    | BrokerAway
    | TwoMachines
    | SilentUnit
    | BackupOverdue
    | ReplicaBehind
    | UnsealedBackup
    | BackupsBesideBooks
    | UnknownBadge
    | DoorBehind
    | CopyableRefused
    | TelephoneShown
    | UncertainPresence
    | CrowdedRooms
    | UnreadCalendar
    | DebtsOfPresent
    | AutomaticCheckOuts
    | ExpiringOfPresent
    | DoubtfulStep
    | KeyRotation
    | MessagesSetAside
)
"""One thing that needs a hand."""
