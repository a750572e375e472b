"""The place that the demo makes."""

from datetime import timedelta
from pathlib import Path

import pytest

from device.contract.instant import Instant
from device.contract.unit_settings import read_unit_settings
from server.demo.fixtures import BADGES, GUESTS, PEOPLE, UNITS
from server.demo.place import make_place
from server.people.passwords import is_right
from server.presence import attendance
from server.site.rules_in_force import house_of
from server.store.accounts import standings
from server.store.database import open_database
from server.store.people import badges, members, operators
from server.verify.verify import verify


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
    assert {badge.id for badge in BADGES if badge.credential not in held} == {"stranger"}
    assert [badge.ended_as for badge in held.values() if badge.ended_at] == ["lost"]
    assert [badge.last_day for badge in held.values() if badge.last_day] == [(now - timedelta(days=1)).date()]
    assert suspended == ["Basile Roche"]
    assert set(place.keys) == {"claire", "leo", "hugo", "odile"}


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
