"""A moment in UTC, to the millisecond, as it goes over the wire and into the books."""

import re
from datetime import UTC, datetime, timedelta
from typing import Self

RFC3339_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)", re.ASCII)
"""RFC 3339, section 5.6, `date-time`, restricted to UTC."""

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Years a clock can be wrong by and still be told; past them, conversions to local time may overflow."""


class Instant(datetime):
    """An aware UTC `datetime` cut to the millisecond; its text is RFC 3339 with three decimals and `Z`.

    The text sorts as the moments do, so the books store it as it is.
    """

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The instant of an aware `moment`; raises `ValueError` for a naive one or a year out of range."""
        if moment.tzinfo is None:
            raise ValueError("a time without its zone")
        utc = moment.astimezone(UTC)
        if not FIRST_YEAR <= utc.year <= LAST_YEAR:
            raise ValueError(f"a year outside {FIRST_YEAR} to {LAST_YEAR}")
        return cls(
            utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond // 1000 * 1000, tzinfo=UTC
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """The instant written `2026-11-23T07:14:05.120Z`; raises `ValueError` for anything else."""
        if not RFC3339_UTC.fullmatch(text):
            raise ValueError("not a UTC time such as 2026-11-23T07:14:05.120Z")
        instant = cls.fromisoformat(text)
        if not FIRST_YEAR <= instant.year <= LAST_YEAR:
            raise ValueError(f"a year outside {FIRST_YEAR} to {LAST_YEAR}")
        beyond_ms = instant.microsecond % 1000
        return instant - timedelta(microseconds=beyond_ms) if beyond_ms else instant

    @classmethod
    def of_epoch_ms(cls, milliseconds: int) -> Self:
        """The instant `milliseconds` after 1970-01-01T00:00Z."""
        return cls(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)

    @classmethod
    def nearest(cls, epoch_ms: int) -> Self:
        """The instant so many milliseconds after 1970; the first or the last that can be told where it is past them.

        For what a clock says: it may say anything, and what happened then must be told all the same.
        """
        return cls.of_epoch_ms(min(max(epoch_ms, 0), _LAST_MS))

    def after(self, seconds: float) -> Self:
        """The instant so much later, or the first or the last that can be told."""
        return self.nearest(self.epoch_ms + round(min(max(seconds, -_LAST_MS), _LAST_MS) * 1000))

    @property
    def epoch_ms(self) -> int:
        """Milliseconds since 1970-01-01T00:00Z."""
        return round(self.timestamp() * 1000)

    def __str__(self) -> str:
        return f"{self.isoformat(timespec='milliseconds')[:23]}Z"


_LAST_MS = Instant(LAST_YEAR, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC).epoch_ms
LAST = Instant.of_epoch_ms(_LAST_MS)
"""The last that can be told."""
