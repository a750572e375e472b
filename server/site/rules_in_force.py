"""The house made from the settings and from what was in force before: who computes with dates begins here."""

from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from server.core.calendar.calendar import Calendar
from server.core.house_rules import HouseRules, InForce
from server.site.settings import HoursSettings, RuleSettings, ServerSettings, SiteSettings
from server.store import settings_in_force
from server.store.database import Database
from server.store.stored_values import stored_json


class _Hours(NamedTuple):
    timezone: str
    hours: HoursSettings


def note_settings(db: Database, settings: ServerSettings, today: date) -> bool:
    """Puts the present hours and rules in force from today on; whether they differ from what was."""
    openings = {day.isoformat(): spans for day, spans in settings.hours.openings.items()}  # only texts can be sorted
    week = msgspec.structs.replace(settings.hours, openings=openings)
    hours = msgspec.json.encode(_Hours(settings.site.timezone, week), order="deterministic")
    rules = msgspec.json.encode(settings.rules, order="deterministic")
    return settings_in_force.note(db, today, hours.decode(), rules.decode())


def house_of(db: Database, settings: ServerSettings) -> HouseRules:
    """The house by all that was in force; by the settings alone where nothing was noted yet."""
    history = [_in_force(row.valid_from, row.hours, row.rules) for row in settings_in_force.history(db)]
    if not history:
        history = [_made(date.min, settings)]
    return HouseRules(history)


def _in_force(valid_from: date, hours: str, rules: str) -> InForce:
    timezone, week = stored_json(hours, _Hours)
    figures = stored_json(rules, RuleSettings)
    settings = ServerSettings(site=SiteSettings(timezone=timezone), hours=week, rules=figures)
    return _made(valid_from, settings)


def _made(valid_from: date, settings: ServerSettings) -> InForce:
    rules = settings.rules
    checkout_after = timedelta(minutes=rules.checkout_after_min)
    return InForce(valid_from, Calendar(settings.house_hours()), checkout_after, rules.tariff())
