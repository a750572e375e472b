"""The rotation of the badge keys at the desk: explained, begun once, followed, finished, by admins alone."""

import pytest

from server.store.people import badge_keys
from tests.enrolling_place import blank, shown
from tests.lent_desk import LentDesk
from tests.server.web.pages.test_card_sessions import begun, seen
from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

BADGE, OTHER = "ntag424:04A1B2C3D4E5F6", "ntag424:04A1B2C3D4E5F7"


def test_it_is_explained_begun_and_finished_when_all_have_come_by(house: WebHouse, desk: Visitor) -> None:
    reader, card = LentDesk(house), blank("ntag424")
    session = begun(desk, "enrol", member=house.member("Anne"))
    reader.hold(shown(card))
    seen(desk, session, "C'est fait :")
    reader.take_away()
    page = text_of(desk.page("/badges/keys/"))
    assert "La version 1 des clés des badges est en service. 1 badge la porte." in page
    assert "Rien ne change aux portes" in page
    page = text_of(desk.does("/badges/keys/begin"))
    assert "De la version 1 à la version 2" in page
    assert "Il en reste 1 avec les anciennes" in page
    assert "Qui reste à venir Anne" in page
    assert "Nouvelles clés des badges" in text_of(desk.page("/"))
    assert "anciennes clés" in text_of(desk.page("/members/1"))
    session = begun(desk, "rekey")
    reader.hold(shown(card))
    assert "Plus aucun badge n'a les anciennes clés." in seen(desk, session, "C'est fait :")
    page = text_of(desk.page("/badges/keys/"))
    assert "1 badge a ses nouvelles clés. Plus aucun n'a les anciennes." in page
    page = text_of(desk.does("/badges/keys/finish"))
    assert "Les anciennes clés des badges ne servent plus." in page
    assert "La version 2 des clés des badges est en service." in page
    log = text_of(desk.page("/changes/"))
    assert "nouvelles clés des badges commencées" in log
    assert "anciennes clés des badges closes" in log


def test_it_is_finished_without_those_who_are_left_only_where_that_is_meant(house: WebHouse, desk: Visitor) -> None:
    house.member("Anne", BADGE)
    house.member("Bo", OTHER)
    desk.does("/badges/keys/begin")
    page = text_of(desk.does("/badges/keys/finish"))
    assert "Des badges ont encore les anciennes clés : 2, à Anne (1), Bo (2)." in page
    assert sorted(house.site_keys.by_version) == [1, 2]
    assert "2 badges n'ouvriront plus rien" in page
    page = text_of(desk.does("/badges/keys/finish", even_with_badges="yes"))
    assert "2 badges n'ouvrent plus rien." in page
    assert sorted(house.site_keys.by_version) == [2]


def test_a_rotation_is_begun_once(house: WebHouse, desk: Visitor) -> None:
    """From two tabs, and by the same form sent twice."""
    house.member("Anne", BADGE)
    desk.does("/badges/keys/begin", form_id="one")
    page = text_of(desk.does("/badges/keys/begin", form_id="two"))
    assert "De nouvelles clés sont déjà en cours : de la version 1 à la version 2." in page
    assert "rien n'a été fait deux fois" in text_of(desk.does("/badges/keys/begin", form_id="one"))
    assert house.site_keys.present == 2
    assert badge_keys.left_on(house.db, 1) != []


def test_nothing_can_be_finished_that_does_not_go_on(house: WebHouse, desk: Visitor) -> None:
    assert "la version 1 est la seule" in text_of(desk.does("/badges/keys/finish")).lower()


@pytest.mark.parametrize("path", ["begin", "finish"])
def test_a_concierge_neither_sees_it_nor_may_do_it(house: WebHouse, path: str) -> None:
    house.operator("Paul", role="concierge")
    paul = house.desk("Paul")
    assert paul.get("/badges/keys/").status_code == 403
    assert paul.post(f"/badges/keys/{path}").status_code == 403
    assert {paul.get(f"/badges/keys/{each}").status_code for each in ("live", "parts/left")} == {403}
    assert "/badges/keys/" not in paul.page("/badges/")
    assert house.site_keys.present == 1


def test_a_concierge_is_led_to_the_badges_that_are_left(house: WebHouse, desk: Visitor) -> None:
    house.operator("Paul", role="concierge")
    house.member("Anne", BADGE)
    desk.does("/badges/keys/begin")
    assert 'href="/badges/?only=former"' in house.desk("Paul").page("/")
    assert 'href="/badges/keys/"' in desk.page("/")


def test_each_part_of_the_page_is_there_by_itself_and_none_else(house: WebHouse, desk: Visitor) -> None:
    house.member("Anne", BADGE)
    desk.does("/badges/keys/begin")
    assert "Il en reste 1 avec les anciennes" in text_of(desk.page("/badges/keys/parts/count"))
    assert "Nouvelles clés pour un badge" in text_of(desk.page("/badges/keys/parts/deed"))
    assert "Qui reste à venir Anne" in text_of(desk.page("/badges/keys/parts/left"))
    assert desk.get("/badges/keys/parts/keys").status_code == 404


def test_who_is_done_with_the_last_badge_is_led_to_the_end_of_the_rotation(house: WebHouse, desk: Visitor) -> None:
    reader, card = LentDesk(house), blank("ntag424")
    session = begun(desk, "enrol", member=house.member("Anne"))
    reader.hold(shown(card))
    seen(desk, session, "C'est fait :")
    reader.take_away()
    desk.does("/badges/keys/begin")
    session = begun(desk, "rekey")
    reader.hold(shown(card))
    seen(desk, session, "C'est fait :")
    assert 'class="button" href="/badges/keys/">Les nouvelles clés…' in desk.page(
        f"/badges/sessions/{session}/parts/way"
    )
