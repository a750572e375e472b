"""Coming and going as the desk writes it: by name, one more, one less, and the count set right."""

from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

BADGE = "uid:04A1B2C3D4E5F6"


def present(house: WebHouse) -> int:
    with house.app.app_context():
        return house.place.occupancy(house.db).present


def test_somebody_without_a_badge_is_found_by_three_letters_and_noted_as_in(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Élise Chazal")
    assert "Élise Chazal" in desk.post("/presence/search", wanted="eli").text
    page = text_of(desk.does(f"/presence/{member}/entry"))
    assert "✓ Élise Chazal est là. Annuler" in page
    assert "1 présent " in page


def test_noting_an_arrival_can_be_undone(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    desk.does(f"/presence/{member}/entry")
    desk.does("/presence/entries/1/lift")
    assert present(house) == 0
    assert desk.post("/presence/entries/1/lift").status_code == 409


def test_two_desks_cannot_note_the_same_arrival_twice(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    house.operator("Paul")
    other = house.desk("Paul")
    desk.does(f"/presence/{member}/entry")
    refused = other.post(f"/presence/{member}/entry")
    assert refused.status_code == 409
    assert "Aline est déjà noté présent" in refused.text


def test_a_button_pressed_twice_counts_once(house: WebHouse, desk: Visitor) -> None:
    once = {"form_id": "the-same-form"}
    desk.does("/presence/one-more", **once)
    page = desk.does("/presence/one-more", **once)
    assert "C'était déjà fait" in text_of(page)
    assert present(house) == 1


def test_one_more_and_one_less_undo_each_other(house: WebHouse, desk: Visitor) -> None:
    desk.does("/presence/one-more")
    assert present(house) == 1
    desk.does("/presence/one-less")
    assert present(house) == 0
    assert desk.post("/presence/one-less").status_code == 409


def test_who_is_on_the_list_leaves_by_the_button_beside_the_name(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    desk.does(f"/presence/{member}/entry")
    desk.does("/guests/new", name="Béatrice", next="/")
    assert present(house) == 2
    desk.does("/presence/exit", member=member)
    desk.does("/presence/exit", guest="Béatrice")
    assert present(house) == 0


def test_the_uncertain_count_is_set_right_by_ticking_who_has_left(house: WebHouse, desk: Visitor) -> None:
    house.door()
    gone, there = house.member("Aline", BADGE), house.member("Paul")
    house.tap(BADGE)
    desk.does(f"/presence/{there}/entry")
    house.pass_time(minutes=5)
    house.presses_rex()
    assert "± 1" in desk.page("/")
    assert "Aline" in desk.page("/presence/settle")
    house.pass_time(seconds=20)
    page = desk.does("/presence/settle", gone=[gone], next="/")
    assert present(house) == 1
    assert "± 1" not in page
    assert "Paul" in page


def test_a_guest_comes_by_a_member_and_leaves(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    assert "Aline" in desk.page(f"/guests/new?member={member}")
    assert "Aline" in desk.post("/guests/hosts", wanted="ali").text
    page = desk.does("/guests/new", name="Béatrice", member=member, next="/")
    assert "Béatrice" in page
    assert "invité" in page


def test_a_guest_who_cannot_be_is_told_beside_the_field_and_what_was_typed_stays(desk: Visitor) -> None:
    desk.does("/guests/new", name="Béatrice", next="/")
    again = desk.post("/guests/new", name="Béatrice")
    assert again.status_code == 422
    assert 'value="Béatrice"' in again.text
    assert 'id="name-fault"' in again.text
    assert desk.post("/guests/new", name="Carole", ticket="golden").text.count('id="member-fault"') == 1
