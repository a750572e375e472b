"""The errors of the server.

Refusal (Refused)               an order that the rules or the books do not allow: nothing of it is done
NeverBegun (TimeoutError)       taken back while it waited: nothing of it is done, nor will be
Undecided                       begun, its end not known: it may be done, or be done in a moment
├── StillGoing (TimeoutError)   not finished while somebody waited for it
└── CommitFailed                the disk failed at the very end (`server.store.damage`)
"""

from device.contract.errors import Refused


class Refusal(Refused):
    """An order that was not carried out: `template` with `fields` filled in, so that it can be said in any language."""

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template.format(**fields))
        self.template = template
        self.fields = fields


class Cents(int):
    """Money among the fields of a refusal: each language writes it in its own way."""

    def __format__(self, _spec: str) -> str:
        return f"{self / 100:.2f} €"


class NeverBegun(TimeoutError):
    """The writer did not come to it in time, and will not any more."""


class Undecided(Exception):
    """It may be done; who ordered it must look before they order it again."""


class StillGoing(TimeoutError, Undecided):
    """The writer is at it still: it may come about yet."""
