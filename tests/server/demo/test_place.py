"""The place that the demo makes."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from device.contract.instant import Instant
from device.contract.keys import DOOR_SLOT
from device.contract.unit_settings import read_unit_settings
from device.core.badge.apdu import select_ntag424
from device.core.badge.errors import NotAuthentic
from device.core.badge.originality import check_original
from device.simulation.badge_file import BadgeFile
from device.simulation.iso_dep import IsoDep
from server.core.doors.key_diversification import badge_key
from server.demo.fixtures import BADGES, GUESTS, PEOPLE, SITE, UNITS, DemoBadge
from server.demo.place import DemoPlace, make_place
from server.people.passwords import is_right
from server.presence import attendance
from server.site.rules_in_force import house_of
from server.store.accounts import standings
from server.store.database import open_database
from server.store.people import badges, members, operators
from server.verify.verify import verify
from tests.device.core.badge.tapping import prove


@pytest.mark.parametrize("moment", ["2026-11-23T09:00:00.000Z", "2026-12-25T23:10:00.000Z", "2026-03-29T01:30:00.000Z"])
def test_at_any_hour_the_place_is_open_and_its_people_are_in(tmp_path: Path, moment: str):
    now = Instant.parse(moment)
    place = make_place(tmp_path / "place", 11_111, 11_112, now, None)
    with open_database(place.site.database_path) as db:
        house = house_of(db, place.site.settings)
        inside = attendance.attendance(db, house, now)
        assert house.calendars.on(house.day_of(now)).state_at(now).open
    assert len(inside.members) == sum(person.came_min is not None for person in PEOPLE.values())
    assert len(inside.guests) == len(GUESTS)


def test_each_badge_of_the_bench_is_in_the_books_as_it_says(tmp_path: Path):
    now = Instant.parse("2026-11-23T09:00:00.000Z")
    place = make_place(tmp_path / "place", 11_111, 11_112, now, None)
    with open_database(place.site.database_path) as db:
        held = {badge.credential: badge for badge in badges.latest(db)}
        suspended = [member.name for member in members.every(db) if member.suspended_at]
    assert {badge.id for badge in BADGES if badge.credential not in held} == {"stranger", "new", "phone"}
    assert [badge.ended_as for badge in held.values() if badge.ended_at] == ["lost"]
    assert [badge.last_day for badge in held.values() if badge.last_day] == [(now - timedelta(days=1)).date()]
    assert suspended == ["Basile Roche"]


@pytest.fixture
def bench(tmp_path: Path) -> DemoPlace:
    """A place with its badges in their files."""
    return make_place(tmp_path / "place", 11_111, 11_112, Instant.parse("2026-11-23T09:00:00.000Z"), None)


@pytest.mark.parametrize("badge", BADGES, ids=lambda badge: badge.id)
def test_each_badge_of_the_bench_is_what_it_says(bench: DemoPlace, badge: DemoBadge):
    path = bench.badge(badge.id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with BadgeFile(path) as shown:
        assert badge.shows(shown.credential)
        assert badge.condition == "telephone" or shown.credential == badge.credential
        if shown.protocol is None or badge.condition == "telephone":
            return
        key = badge_key(bench.site.badge_keys.present_key, bytes.fromhex(badge.uid), DOOR_SLOT, SITE)
        assert badge.has_key == holds(shown.protocol, badge.credential.partition(":")[0], key)


def holds(protocol: IsoDep, scheme: str, key: bytes) -> bool:
    """Whether a badge proves a key, as at a door."""
    protocol.power_on()
    try:
        prove(scheme, protocol._card.answer, [key], DOOR_SLOT, os.urandom)
    except NotAuthentic:
        return False
    return True


def test_the_desk_may_write_keys_to_the_new_badge_and_to_those_with_a_key_that_are_in_use(bench: DemoPlace):
    for badge in ("new", "claire", "hugo"):
        with BadgeFile(bench.badge(badge)) as shown:
            assert shown.protocol
            select_ntag424(shown.protocol._card.answer)
            check_original(shown.protocol._card.answer, bytes.fromhex(shown.credential.partition(":")[2]))


def test_the_books_of_the_demo_are_right_and_one_member_has_no_credit_left(tmp_path: Path):
    now = Instant.parse("2026-11-23T09:00:00.000Z")
    place = make_place(tmp_path / "place", 11_111, 11_112, now, None)
    with open_database(place.site.database_path) as db:
        house = house_of(db, place.site.settings)
        broke = standings.without_credit(db, place.site.settings.rules.max_owed_cents)
        assert [members.find(db, member).name for member in broke] == ["Solène Rey"]
        assert verify(db, house, now) == []


def test_the_login_that_is_told_is_right_and_each_unit_has_its_card(tmp_path: Path):
    now = Instant.parse("2026-11-23T09:00:00.000Z")
    place = make_place(tmp_path / "place", 11_111, 11_112, now, "root")
    with open_database(place.site.database_path) as db:
        assert is_right(place.password, operators.every(db)[0].password_hash)
    cards = [read_unit_settings(place.unit_settings(unit.name)) for unit in UNITS]
    assert [tuple(reader.side for reader in card.readers) for card in cards] == [unit.sides for unit in UNITS]
    assert {card.broker.port for card in cards} == {11_111}
    assert "user root" in (place.site.broker_folder / "mosquitto.conf").read_text()
