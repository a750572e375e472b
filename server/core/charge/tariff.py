"""The figures of the charge (rules 4): minutes, prices, caps. Each is a setting; these are the place's own."""

from dataclasses import dataclass

from server.core.calendar.opening_hours import MS_A_MINUTE


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a date costs; prices in cents are the posted ones, and the caps of a half-day and of a date.

    `hours_per_half_day` hour tickets cover a whole half-day and `hours_per_day` a whole date, however long (rules 4.4).
    """

    free_min: int = 10
    grace_min: int = 10
    hour_cents: int = 300
    half_day_cents: int = 900
    day_cents: int = 1500
    hours_per_half_day: int = 3
    hours_per_day: int = 5
    max_owed_cents: int = 1500

    @property
    def free_ms(self) -> int:
        """The most time of a date that costs nothing."""
        return self.free_min * MS_A_MINUTE

    @property
    def grace_ms(self) -> int:
        """The most time of a half-day that does not count as using it."""
        return self.grace_min * MS_A_MINUTE
