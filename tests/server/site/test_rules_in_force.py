"""Hours and rules with their validity: the settings change, past dates keep theirs."""

from datetime import date, timedelta

import msgspec

from device.contract.instant import Instant
from server.site.rules_in_force import house_of, note_settings
from server.site.settings import HoursSettings, RuleSettings, ServerSettings
from server.store import settings_in_force
from server.store.database import Database

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
TO_SIX = ServerSettings()
TO_FIVE = ServerSettings(
    hours=HoursSettings(weekly={"mon": [("08:00", "17:00")], "tue": [("08:00", "17:00")]}),
    rules=RuleSettings(checkout_after_min=5),
)
SIX, FIVE = Instant.parse("2026-11-23T17:00:00.000Z"), Instant.parse("2026-11-24T16:00:00.000Z")


def test_without_any_note_the_settings_hold_always(db: Database) -> None:
    house = house_of(db, TO_FIVE)
    assert house.evening(date(2020, 1, 6)).closing_at == Instant.parse("2020-01-06T16:00:00.000Z")


def test_past_dates_keep_their_hours_and_rules(db: Database) -> None:
    note_settings(db, TO_SIX, MONDAY)
    note_settings(db, TO_FIVE, TUESDAY)
    house = house_of(db, TO_FIVE)
    monday, tuesday = house.evening(MONDAY), house.evening(TUESDAY)
    assert (monday.closing_at, monday.checkout_at) == (SIX, SIX + timedelta(minutes=30))
    assert (tuesday.closing_at, tuesday.checkout_at) == (FIVE, FIVE + timedelta(minutes=5))
    assert house.evening(date(2026, 11, 16)).closing_at == Instant.parse("2026-11-16T17:00:00.000Z")


def test_settings_that_did_not_change_are_noted_once_and_hold_before_too(db: Database) -> None:
    for day in (MONDAY, TUESDAY):
        note_settings(db, TO_SIX, day)
    assert [row.valid_from for row in settings_in_force.history(db)] == [date.min]


def test_settings_changed_twice_in_a_day_hold_as_they_were_last(db: Database) -> None:
    for settings in (TO_SIX, TO_FIVE, TO_SIX):
        note_settings(db, settings, TUESDAY)
    assert house_of(db, TO_SIX).evening(TUESDAY).closing_at == Instant.parse("2026-11-24T17:00:00.000Z")


def test_other_settings_do_not_count(db: Database) -> None:
    note_settings(db, TO_SIX, MONDAY)
    note_settings(db, msgspec.structs.replace(TO_SIX, rooms=[]), TUESDAY)
    assert len(settings_in_force.history(db)) == 1


def test_moments_fall_on_the_local_date(db: Database) -> None:
    house = house_of(db, TO_SIX)
    told = [
        "2026-11-22T22:59:59.999Z",
        "2026-11-22T23:00:00.000Z",
        "2026-11-23T22:59:59.999Z",
        "2026-11-22T12:00:00.000Z",
    ]
    assert [house.day_of(Instant.parse(text)).day for text in told] == [22, 23, 23, 22]
