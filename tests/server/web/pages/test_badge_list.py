"""The page of the badges: whose, which keys, what can be copied; and what a half-done one is called."""

import pytest

from server.site import key_rotation
from server.store.people import badge_keys, badges
from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

KEYED, COPYABLE, HALF_DONE = "ntag424:04A1B2C3D4E5F6", "uid:04FFFFFFFFFFF1", "ntag424:04A1B2C3D4E5F7"


@pytest.fixture
def members(house: WebHouse) -> dict[str, int]:
    """One with keys, one without, one whose badge was torn away."""
    found = {name: house.member(name, badge) for name, badge in (("Zoé", KEYED), ("Anne", COPYABLE), ("Bo", HALF_DONE))}
    with house.db.writing():
        badge_keys.begin(house.db, HALF_DONE.partition(":")[2], "ntag424", 1, now=house.now)
    return found


def test_every_badge_is_listed_by_name_with_what_there_is_to_know(
    house: WebHouse, desk: Visitor, members: dict[str, int]
) -> None:
    page = text_of(desk.page("/badges/"))
    assert "3 badges 1 à terminer 1 peut être copié" in page
    anne, bo, zoe = page.index("Anne uid:"), page.index("Bo ntag424:"), page.index("Zoé ntag424:")
    assert anne < bo < zoe
    assert "Anne uid:04FFFFFFFFFFF1 depuis le 24 oct. 2026 peut être copié" in page
    assert "à terminer : donnez-lui de nouvelles clés" in page[bo:zoe]
    assert "Zoé ntag424:04A1B2C3D4E5F6 clés de la version 1 · depuis le 24 oct. 2026" in page
    assert "à terminer" in text_of(desk.page(f"/members/{members['Bo']}"))


@pytest.mark.parametrize(("only", "name"), [("copyable", "Anne"), ("under_way", "Bo"), ("present", "Zoé")])
def test_those_of_one_standing_are_shown_alone(desk: Visitor, members: dict[str, int], only: str, name: str) -> None:
    page = desk.page(f"/badges/?only={only}")
    assert [each for each in members if f"<bdi>{each}</bdi>" in page] == [name]


def test_a_standing_that_there_is_not_shows_all(desk: Visitor, members: dict[str, int]) -> None:
    assert "Zoé" in desk.page("/badges/?only=nonsense")


def test_what_was_given_back_is_not_in_use(house: WebHouse, desk: Visitor, members: dict[str, int]) -> None:
    with house.db.writing():
        badges.end(house.db, KEYED, now=house.now, ended_as="returned")
    page = text_of(desk.page("/badges/"))
    assert "2 badges" in page
    assert "Zoé" not in page


def test_badges_of_a_version_that_is_over_are_said_to_open_nothing(
    house: WebHouse, desk: Visitor, members: dict[str, int]
) -> None:
    with house.db.writing():
        key_rotation.rotate(house.db, house.secrets, house.now)
    assert "1 avec les anciennes clés" in text_of(desk.page("/badges/"))
    with house.db.writing():
        key_rotation.finish(house.db, house.secrets, house.now, even_with_badges=True)
    assert "clés périmées : il n'ouvre rien" in text_of(desk.page("/badges/"))


def test_a_place_without_badges_says_so(desk: Visitor) -> None:
    assert "Aucun badge." in text_of(desk.page("/badges/"))
