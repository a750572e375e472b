"""What can go wrong at a unit besides the contract's errors (device/contract/errors.py).

PoinconError
├── DiskFault (OSError)         the unit's disk does not take or give what it should
│   └── Damaged                 a file holds what it should not: it will not get better by waiting
└── HardwareFault (OSError)     a pin, a bus or a reader cannot be used; says which and what to look at
"""

from device.contract.errors import PoinconError


class DiskFault(PoinconError, OSError):
    """The unit's disk is full, read-only or broken; nothing of what was asked was written."""


class Damaged(DiskFault):
    """What stands in a file is not what was written: another file is begun, for trying again gives the same."""


class HardwareFault(PoinconError, OSError):
    """A pin, a bus or a reader cannot be used; the text says which one and the cure."""
