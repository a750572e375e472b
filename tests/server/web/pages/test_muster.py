"""The evacuation list: who is in, how sure, ticked off from several phones."""

from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

BADGE = "uid:04A1B2C3D4E5F6"


def furnished(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.member("Aline", BADGE)
    house.tap(BADGE)
    desk.does(f"/presence/{house.member('Paul')}/entry")
    desk.does("/guests/new", name="Béatrice", member=1, next="/")


def test_the_list_says_who_since_when_and_how_that_is_known(house: WebHouse, desk: Visitor) -> None:
    furnished(house, desk)
    house.presses_rex()
    page = text_of(desk.page("/muster/"))
    assert "3 personnes, au 09:14:05" in page
    assert "Aline depuis 09:14 · au badge" in page
    assert "Béatrice invité · Aline · depuis 09:14 · noté au comptoir" in page
    assert "Paul depuis 09:14 · noté au comptoir" in page
    assert "± 1" in page


def test_two_phones_tick_off_one_list(house: WebHouse, desk: Visitor) -> None:
    furnished(house, desk)
    house.operator("Nina", role="concierge")
    other = house.desk("Nina")
    desk.does("/muster/begin", drill="no")
    desk.does("/muster/1/tick", person="m1", safe="yes")
    told = other.post("/muster/1/tick", {"X-Wants": "list"}, person="m2", safe="yes")
    assert "▲ 1 manque" in text_of(told.text)
    assert "Aline depuis 09:14 · au badge · vu dehors à 09:14 par Marie" in text_of(told.text)
    desk.does("/muster/1/tick", person="g1", safe="yes")
    assert "✓ tous sont dehors" in text_of(desk.page("/muster/"))
    desk.does("/muster/1/tick", person="g1", safe="no")
    assert "▲ 1 manque" in text_of(desk.page("/muster/"))


def test_an_exercise_says_that_it_is_one_and_ends(house: WebHouse, desk: Visitor) -> None:
    furnished(house, desk)
    assert "Exercice d'évacuation" in text_of(desk.does("/muster/begin", drill="yes"))
    assert desk.post("/muster/begin", drill="no").status_code == 409
    desk.does("/muster/1/end")
    assert "Liste d'évacuation" in text_of(desk.page("/muster/"))


def test_who_comes_in_or_badges_out_during_a_muster_is_not_lost(house: WebHouse, desk: Visitor) -> None:
    furnished(house, desk)
    late = house.member("Zora")
    desk.does("/muster/begin", drill="no")
    house.pass_time(minutes=1)
    house.tap(BADGE, side="exit", reason="exit")
    desk.does(f"/presence/{late}/entry")
    desk.does("/muster/1/tick", person=f"m{late}", safe="yes")
    page = text_of(desk.page("/muster/list"))
    assert "Aline depuis 09:14 · a badgé en sortant depuis" in page
    assert "Zora" in page
    assert "▲ 2 manquent" in page


def test_somebody_who_was_not_in_cannot_be_ticked(house: WebHouse, desk: Visitor) -> None:
    furnished(house, desk)
    desk.does("/muster/begin", drill="no")
    for person in ("m99", "x", ""):
        assert desk.post("/muster/1/tick", person=person, safe="yes").status_code == 409
    answer = desk.post("/muster/7/tick", person="m1", safe="yes")  # there is no such muster, and somebody is in
    assert answer.status_code == 409
    assert "Cet appel n'existe pas" in text_of(answer.text)
