"""What is known of a member is all exported and, but for numbers, forgotten: the schema itself says where to look."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.people.export import everything_about
from server.people.forget import forget
from server.store.people import members
from server.store.people.personal_data import PERSONAL_TABLES
from server.store.presence import guests, musters
from tests.furnished import furnish
from tests.server.web.pages.test_members import seen
from tests.web_house import WebHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    house = WebHouse(tmp_path)
    yield house
    house.close()


def test_a_member_is_given_every_part_and_what_the_desk_changed(house: WebHouse) -> None:
    house.operator("Marie")
    desk = house.desk()
    ada = house.member("Ada Lovelace")
    shown = seen(desk.page(f"/members/{ada}"))
    desk.does(f"/members/{ada}/edit", name="Ada King", role="member", seen=shown)
    muster = musters.begin(house.db, [f"m{ada}"], drill=True, operator="Marie", now=house.now)
    musters.tick(house.db, muster.id, f"m{ada}", safe=True, operator="Marie", now=house.now)
    known = everything_about(house.db, ada)
    assert set(known) == {"member", *(table.name for table in PERSONAL_TABLES)}
    assert [row["drill"] for row in known["evacuations"]] == [1]  # type: ignore[attr-defined]
    assert "Ada Lovelace" in str(known["changes"])


def test_nothing_in_the_books_says_any_more_who_was_forgotten(house: WebHouse) -> None:
    furnish(house, 12)
    ada = members.add(house.db, "Zebulon Quux", email="zebulon@example.org", now=house.now)
    today = house.now.date()
    guests.arrive(house.db, "Zebulon Quux", day=today, now=house.now, member=1, golden=True, invited=ada.id)
    house.db.execute(
        "INSERT INTO changes (at, operator, what, member, subject, before) VALUES (?, 'Marie', 'member.edit', ?, ?, ?)",
        (str(house.now), ada.id, "Zebulon Quux", '{"name": "Zebulon Quux"}'),
    )
    forget(house.db, ada.id, now=house.now)
    dump = "\n".join(house.db.connection.iterdump())
    assert "Quux" not in dump
    assert "zebulon" not in dump.casefold()
