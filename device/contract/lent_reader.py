"""A lent reader: the server speaks to the badge at a desk's reader, and the desk passes frames back and forth.

The command `lend` begins it. Frames and answers are numbered within the session: `n` = 0 says that a badge is there;
each message of frames has the next number and is answered under the same. No key goes over it, and nothing of it is
kept or logged at either side.
"""

from typing import Annotated, Literal

from msgspec import Meta

from device.contract.messages import END, Message

SessionId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$" + END)]
"""Of one loan."""
MOST_NUMBERS = 1_000_000
Frame = Annotated[str, Meta(pattern=r"^([0-9A-F]{2}){1,255}$" + END)]
"""An APDU or the answer to one, status bytes at its end, in upper-case hex."""
Uid = Annotated[str, Meta(pattern=r"^([0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$" + END)]
Sak = Annotated[str, Meta(pattern=r"^[0-9A-F]{2}$" + END)]
Ats = Annotated[str, Meta(pattern=r"^([0-9A-F]{2}){0,254}$" + END)]
"""Empty for a card that does not speak ISO 14443-4."""

Hold = Annotated[int, Meta(ge=0)]
"""Which holding of a badge to the reader, as the unit numbers them, upwards."""

MOST_FRAMES = 16
"""In one message."""
LONGEST_LOAN_S = 600
REFUSED_UNLESS = ("9000", "9100", "91AF")
"""The status of a frame that was taken; any other ends the frames of its message."""

End = Literal["done", "refused", "again"]
"""How the session ended for the badge: as wished, not at all, or so that it is to be tried anew."""
RingWord = Literal["another", "silence"]
"""What a ring is told beside: this is another badge than the one that was begun; the end concerns no badge."""


class CardFrames(Message, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Frames for the badge on a lent reader, in their order; or `end`, with which the loan is over.

    `hold` is whose they are: where another badge is there by then, or none, they are answered as `gone`. Left out, they
    are for whatever badge is there. `ring` is "another" in a message of its own, answered without frames, and "silence"
    beside an `end` that nobody has to turn around for.
    """

    session: SessionId
    n: Annotated[int, Meta(ge=1, le=MOST_NUMBERS)]
    send: Annotated[list[Frame], Meta(min_length=1, max_length=MOST_FRAMES)] | None = None
    end: End | None = None
    hold: Hold | None = None
    ring: RingWord | None = None

    def __post_init__(self) -> None:
        is_told = self.ring == "another"
        if (self.send is not None) + (self.end is not None) + is_told != 1:
            raise ValueError("a message for a lent reader has either `send`, or `end`, or `ring`: `another`")
        if self.ring == "silence" and self.end is None:
            raise ValueError("`ring`: `silence` goes with `end`")


class CardAnswer(Message, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What a lent reader says: `n` = 0 and `uid`, `sak`, `ats`: a badge is there; or what it answered to the frames of
    `n`, all of them, or up to the first that was refused. `gone`: it was taken away before it had answered all.
    With `n` = 0 and with `gone`, `hold` is which holding of a badge is meant.
    """

    session: SessionId
    n: Annotated[int, Meta(ge=0, le=MOST_NUMBERS)]
    uid: Uid | None = None
    sak: Sak | None = None
    ats: Ats | None = None
    got: Annotated[list[Frame], Meta(max_length=MOST_FRAMES)] | None = None
    gone: bool = False
    hold: Hold | None = None

    def __post_init__(self) -> None:
        if (self.n == 0) != (self.uid is not None and self.sak is not None and self.ats is not None):
            raise ValueError("`n` = 0 goes with `uid`, `sak` and `ats`, and no other `n` does")
        if (self.n == 0) == (self.got is not None):
            raise ValueError("every `n` but 0 has `got`")
