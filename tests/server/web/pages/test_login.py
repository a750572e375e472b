"""Who gets to the desk, for how long, and how guessing is slowed down."""

import pytest

from server.store.people import operators
from tests.web_house import PASSWORD, Visitor, WebHouse

NEW = "une autre phrase, plus longue"


def test_the_desk_asks_for_a_login_and_goes_on_to_where_one_wanted(house: WebHouse) -> None:
    house.operator("Marie")
    visitor = house.visitor()
    asked = visitor.get("/members/?month=2026-11")
    assert (asked.status_code, asked.location) == (303, "/login?next=/members/?month%3D2026-11")
    assert visitor.log_in("Marie", next="/members/").location == "/members/"


@pytest.mark.parametrize(
    "name, password", [("Marie", "wrong"), ("Nobody", PASSWORD), ("", ""), ("Marie' --", PASSWORD)]
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(house: WebHouse, name: str, password: str) -> None:
    house.operator("Marie")
    answer = house.visitor().log_in(name, password)
    assert answer.status_code == 401
    assert "Nom ou mot de passe inconnu." in answer.text
    assert password not in answer.text or not password


@pytest.mark.parametrize("name", ["Marie", "Nobody"])
def test_after_five_wrong_passwords_the_next_has_to_wait(house: WebHouse, name: str) -> None:
    house.operator("Marie")
    visitor = house.visitor()
    assert [visitor.log_in(name, "wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert visitor.log_in(name, PASSWORD).headers["Retry-After"] == "2"
    house.pass_time(seconds=2)
    assert visitor.log_in(name, PASSWORD).status_code == (303 if name == "Marie" else 401)


def test_a_right_password_forgets_the_wrong_ones(house: WebHouse) -> None:
    house.operator("Marie")
    visitor = house.visitor()
    for _ in range(4):
        visitor.log_in("Marie", "wrong")
    assert visitor.log_in("Marie").status_code == 303
    assert operators.find(house.db, "Marie").failures == 0


def test_a_first_password_lets_nobody_further_than_to_a_new_one(house: WebHouse) -> None:
    house.operator("Marie", must_change=True)
    visitor = house.visitor()
    visitor.log_in("Marie")
    assert visitor.get("/").location == "/password"
    assert visitor.post("/presence/one-more").location == "/password"
    assert visitor.post("/password", old=PASSWORD, new=NEW, again=NEW).status_code == 303
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize(
    "old, new, again, told",
    [
        ("wrong", NEW, NEW, "Ce n'est pas votre mot de passe actuel."),
        (PASSWORD, "court", "court", "Au moins 10 signes."),
        (PASSWORD, PASSWORD, PASSWORD, "Choisissez-en un autre que l'actuel."),
        (PASSWORD, NEW, NEW + "x", "Les deux ne sont pas pareils."),
    ],
)
def test_a_password_that_cannot_be_is_told_beside_its_field(
    desk: Visitor, old: str, new: str, again: str, told: str
) -> None:
    answer = desk.post("/password", old=old, new=new, again=again)
    assert answer.status_code == 422
    assert told.replace("'", "&#39;") in answer.text or told in answer.text


def test_a_login_ends_when_the_place_closes(house: WebHouse, desk: Visitor) -> None:
    house.pass_time(hours=8, minutes=45)
    assert desk.get("/").status_code == 200
    house.pass_time(minutes=1)
    assert desk.get("/").status_code == 303


def test_a_login_outside_the_hours_ends_after_twelve(house: WebHouse) -> None:
    house.operator("Marie")
    house.pass_time(hours=12)
    desk = house.desk("Marie")
    house.pass_time(hours=10)
    assert desk.get("/").status_code == 200
    house.pass_time(hours=2)
    assert desk.get("/").status_code == 303


def test_a_cookie_is_worth_nothing_after_logging_out(house: WebHouse, desk: Visitor) -> None:
    cookie = desk.cookie
    desk.post("/logout")
    thief = house.visitor()
    thief.cookie = cookie
    assert thief.get("/").status_code == 303


def test_a_removed_operator_is_out_at_once(house: WebHouse, desk: Visitor) -> None:
    operators.remove(house.db, "Marie")
    assert desk.get("/").status_code == 303


def test_a_new_password_ends_the_other_logins(house: WebHouse, desk: Visitor) -> None:
    other = house.desk("Marie")
    desk.post("/password", old=PASSWORD, new=NEW, again=NEW)
    assert (desk.get("/").status_code, other.get("/").status_code) == (200, 303)


@pytest.mark.parametrize(
    "forged",
    [
        "//evil.example",
        "///evil.example",
        "/\t/evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\x00",
    ],
)
def test_nobody_is_sent_to_another_host_by_a_forged_address(house: WebHouse, forged: str) -> None:
    house.operator("Marie")
    assert house.visitor().log_in("Marie", next=forged).location == "/"


def test_cookies_are_for_this_site_and_no_script(house: WebHouse) -> None:
    house.operator("Marie")
    cookie = house.visitor().log_in("Marie").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_behind_tls_cookies_are_for_tls_alone(tls_house: WebHouse) -> None:
    tls_house.operator("Marie")
    visitor = tls_house.visitor(secure=True)
    assert "Secure" in visitor.get("/login").headers["Set-Cookie"]


def test_a_login_takes_over_nothing_of_the_session_before_it(house: WebHouse) -> None:
    """Whoever planted a session in somebody's browser knows its form token: after the login that is worth nothing."""
    house.operator("Marie")
    visitor = house.visitor()
    visitor.get("/login")
    planted = visitor.token
    visitor.log_in("Marie")
    assert visitor.post("/presence/one-more").status_code == 303
    assert visitor.post("/presence/one-more", csrf_token=planted).status_code == 400
