"""What can go wrong between a reader and a badge.

BadgeError
├── BadgeGone (ConnectionError)               it was pulled away, or fell silent
├── AuthenticationDelay (BlockingIOError)     it wants to be asked again: too many wrong keys before (91AD)
├── NotAuthentic (PermissionError)            it did not prove what was asked of it
│   ├── WrongKey                              it holds another key (91AE)
│   ├── LrpMode                               it was put into LRP mode, which is not supported here (919D)
│   └── Garbled                               its answer is none, in length or in form
└── Declined (ValueError)                     it refused a command; `status` says how
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


class WrongKey(NotAuthentic):
    """The badge says that the key is not its own."""


class LrpMode(NotAuthentic):
    """The badge was switched to LRP for good: AES authentication is refused by it."""


class Garbled(NotAuthentic):
    """The badge answered something that no such badge answers."""


class Declined(BadgeError, ValueError):
    """A command that the badge refused; `status` is its two status bytes."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the badge refused: {status:04X}")
        self.status = status
