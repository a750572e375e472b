"""What became of an order that was not answered: whether anything of it is done, or may still be.

NeverBegun (TimeoutError)       taken back while it waited: nothing of it is done, nor will be
Undecided                       begun, its end not known: it may be done, or be done in a moment
├── StillGoing (TimeoutError)   not finished while somebody waited for it
└── CommitFailed                the disk failed at the very end (`server.store.database`)
"""


class NeverBegun(TimeoutError):
    """The writer did not come to it in time, and will not any more."""


class Undecided(Exception):
    """It may be done; who ordered it must look before they order it again."""


class StillGoing(TimeoutError, Undecided):
    """The writer is at it still: it may come about yet."""
