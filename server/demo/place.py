"""Makes the place of the demo: a folder as `poincon init` makes it, with people, badges and units in it."""

import json
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from device.contract.instant import Instant
from device.contract.unit_settings import UnitSettings
from server.demo.badges import badge_file, write_badges
from server.demo.fixtures import OPERATOR, PLACE, SITE, UNITS
from server.demo.population import MADE_BEFORE, populate
from server.people import passwords
from server.site import folder as sites
from server.site import rules_in_force, unit_card
from server.site.folder import SiteFolder
from server.site.settings import FILE_NAME, SiteSettings
from server.store.database import Database, open_database
from server.store.people import badge_keys, operators
from server.store.units import units

RESEND_AFTER_S = 3
"""A visitor who kills the server and starts it again need not wait the usual 10 s to see what it missed."""

SETTINGS = """\
# La démonstration. Ouvert jour et nuit, pour qu'elle marche à toute heure ; le reste est d'origine.
[site]
id = {site}
name = {name}

[broker]
port = {broker_port}

[web]
port = {web_port}

[hours]
holidays = ""
weekly = {always}
concierge_weekly = {always}
"""
ALL_DAY = '[["00:00", "24:00"]]'
ALWAYS = f"{{ {', '.join(f'{day} = {ALL_DAY}' for day in ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'))} }}"


@dataclass(frozen=True)
class DemoPlace:
    """The place, and what only its maker knows."""

    site: SiteFolder
    password: str

    def unit_settings(self, unit: str) -> Path:
        """The settings of a unit."""
        return _unit_folder(self.site, unit) / unit_card.FILE_NAME

    def badge(self, id: str) -> Path:
        """The file in which a badge of the bench lives."""
        return badge_file(_badges_folder(self.site), id)


def make_place(folder: Path, broker_port: int, web_port: int, now: Instant, broker_user: str | None) -> DemoPlace:
    """A place in `folder`, some of its people in it already; `broker_user` is who Mosquitto runs as."""
    site = _made_site(folder, broker_port, web_port, broker_user)
    password = passwords.first_password()
    with open_database(site.database_path) as db, db.writing():
        operators.add(db, OPERATOR, passwords.hashed(password), role="admin", must_change=False, now=now)
        populate(db, rules_in_force.house_of(db, site.settings), site.settings, now, site.badge_keys.present)
        _add_units(db, site, now)
        write_badges(_badges_folder(site), site.badge_keys, badge_keys.every(db))
    return DemoPlace(site, password)


def _made_site(folder: Path, broker_port: int, web_port: int, broker_user: str | None) -> SiteFolder:
    named = SiteSettings(id=SITE, name=PLACE)
    sites.create(folder, named, "127.0.0.1")
    text = SETTINGS.format(
        site=json.dumps(SITE),
        name=json.dumps(PLACE, ensure_ascii=False),
        broker_port=broker_port,
        web_port=web_port,
        always=ALWAYS,
    )
    (folder / FILE_NAME).write_text(text, "utf-8")
    site = sites.find(folder)
    site.write_broker_files(broker_user)
    return site


def _add_units(db: Database, site: SiteFolder, now: Instant) -> None:
    for unit in UNITS:
        units.add(db, unit.name, unit.kind, room=unit.room, now=now - MADE_BEFORE)
        settings = unit_card.unit_settings(site.settings, unit.name, unit.kind, unit.room, unit.readers)
        unit_card.write_unit_files(site, _unit_folder(site, unit.name), _at_any_hour(settings))


def _at_any_hour(settings: UnitSettings) -> UnitSettings:
    """With a ring that is as bright by night, and no long wait for what the server missed."""
    broker = replace(settings.broker, resend_after_s=RESEND_AFTER_S)
    return replace(settings, broker=broker, ring=settings.ring and replace(settings.ring, hours=[]))


def _badges_folder(site: SiteFolder) -> Path:
    return site.folder / "badges"


def _unit_folder(site: SiteFolder, unit: str) -> Path:
    return site.folder / "units" / unit
