"""Which date a moment falls on, asked by several threads at once."""

from datetime import date, timedelta

from device.contract.instant import Instant
from server.core.house_rules import HouseRules
from tests.server.conftest import open_house

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
NOON = Instant.parse("2026-11-23T12:00:00.000Z")


class SharedHouse(HouseRules):
    """A house of which another thread asks for a date of its own between any two looks at what was remembered."""

    @property
    def _last(self) -> tuple[Instant, Instant, date] | None:
        self.looks += 1
        return self.remembered[self.looks % 2]

    @_last.setter
    def _last(self, value: object) -> None:
        pass

    looks = 0
    remembered = (
        (NOON - timedelta(hours=12), NOON + timedelta(hours=12), MONDAY),
        (NOON + timedelta(hours=12), NOON + timedelta(hours=36), TUESDAY),
    )


def test_whatever_other_threads_ask_a_moment_falls_on_its_own_date() -> None:
    house = open_house()
    house.__class__ = SharedHouse
    assert [house.day_of(NOON) for _ in range(6)] == [MONDAY] * 6
    assert [house.day_of(NOON + timedelta(days=1)) for _ in range(6)] == [TUESDAY] * 6


def test_midnight_is_of_the_date_that_it_begins_whatever_was_asked_before() -> None:
    house, midnight = open_house(), Instant.parse("2026-11-23T23:00:00.000Z")
    before = midnight - timedelta(milliseconds=1)
    assert [house.day_of(at) for at in (before, midnight, before)] == [MONDAY, TUESDAY, MONDAY]
