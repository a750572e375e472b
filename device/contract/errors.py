"""What can be wrong with what was said or written.

PoinconError
├── Malformed (ValueError)       a message that does not keep to the contract
├── SettingsFault (ValueError)   a settings file that cannot be used
└── Refused (ValueError)         an order that the rules of the house do not allow
"""

from collections.abc import Sequence


class PoinconError(Exception):
    """The root of the errors that this program raises on purpose."""


class Malformed(PoinconError, ValueError):
    """A message that does not keep to the contract; its text says where and how."""


class SettingsFault(PoinconError, ValueError):
    """A settings file that cannot be used; `faults` has one line for each thing that is wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


class Refused(PoinconError, ValueError):
    """An order that cannot be carried out; its text says why and what to do."""
