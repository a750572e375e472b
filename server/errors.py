"""The errors of the server.

Refusal (Refused)               an order that the rules or the books do not allow: nothing of it is done
NeverBegun (TimeoutError)       taken back while it waited: nothing of it is done, nor will be
Undecided                       begun, its end not known: it may be done, or be done in a moment
├── StillGoing (TimeoutError)   not finished while somebody waited for it
└── CommitFailed                the disk failed at the very end (`server.store.damage`)
"""

from device.contract.errors import Refused


class Refusal(Refused):
    """An order that was not carried out; `server.i18n.refusals` has its text by `code`, and `facts` fill that in.

    `field` is the field of the form that has to change, beside which the desk shows it; None where none has to.
    """

    def __init__(self, code: str, *, field: str | None = None, **facts: object) -> None:
        super().__init__(f"{code} ({', '.join(f'{name}: {fact}' for name, fact in facts.items())})" if facts else code)
        self.code = code
        self.field = field
        self.facts = facts


class Cents(int):
    """Money among the facts of a refusal: each language writes it in its own way."""


class NameOfSettings(str):
    """The name of a pass, a room or a use among the facts: the settings may have another one for each language."""

    __slots__ = ()


class NeverBegun(TimeoutError):
    """The writer did not come to it in time, and will not any more."""


class Undecided(Exception):
    """It may be done; who ordered it must look before they order it again."""


class StillGoing(TimeoutError, Undecided):
    """The writer is at it still: it may come about yet."""
