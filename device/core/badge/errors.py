"""What can go wrong between a reader and a badge.

BadgeError
├── BadgeGone (ConnectionError)               it was pulled away, or fell silent
├── AuthenticationDelay (BlockingIOError)     it wants to be asked again: too many wrong keys before (91AD)
├── OtherCard (TypeError)                     it is no badge that keys can be given to; `product` says what it is
├── NotAuthentic (PermissionError)            it did not prove what was asked of it
│   ├── WrongKey                              it holds another key (91AE)
│   ├── Foreign                               it holds keys that are none of those known here: it is somebody else's
│   ├── NotOriginal                           its maker did not sign its UID
│   ├── OtherUid                              its real UID is another than the one it shows
│   ├── LrpMode                               it was put into LRP mode, which is not supported here (919D)
│   └── Garbled                               its answer is none, in length or in form
└── Declined (ValueError)                     it refused a command; `status` says how
    ├── CardFull                              it has no memory for another application (910E, 91CE)
    └── ReadOnly                              its settings do not let that be changed (919D)
"""

from device.contract.errors import PoinconError


class BadgeError(PoinconError):
    """The root of what a badge can do wrong."""


class BadgeGone(BadgeError, ConnectionError):
    """Pulled away in mid-exchange, or silent: nothing is known of it, so nothing is held against it."""


class AuthenticationDelay(BadgeError, BlockingIOError):
    """The badge makes everybody wait after too many wrong keys; it is to be asked again, and is no clone for it."""


class NotAuthentic(BadgeError, PermissionError):
    """The badge did not prove its key, its origin or the integrity of what it said."""


class OtherCard(BadgeError, TypeError):
    """No NTAG 424 DNA, DESFire EV2, EV3 or Light; `product`: what it is, or "" where that cannot be told."""

    def __init__(self, product: str = "") -> None:
        super().__init__(product or "a card of an unknown kind")
        self.product = product


class WrongKey(NotAuthentic):
    """The badge says that the key is not its own."""


class Foreign(NotAuthentic):
    """The badge holds keys, and none of them is known here: it belongs to another place or another system."""


class NotOriginal(NotAuthentic):
    """The maker's signature is not right for the UID that the badge shows: it is a copy."""


class OtherUid(NotAuthentic):
    """The UID that the badge proves is another than the one that it shows."""


class LrpMode(NotAuthentic):
    """The badge was switched to LRP for good: AES authentication is refused by it."""


class Garbled(NotAuthentic):
    """The badge answered something that no such badge answers."""


class Declined(BadgeError, ValueError):
    """A command that the badge refused; `status` is its two status bytes."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the badge refused: {status:04X}")
        self.status = status


class CardFull(Declined):
    """The badge has no room left for the application of the place."""


class ReadOnly(Declined):
    """The badge's own settings forbid what was asked, whatever key is proved."""
