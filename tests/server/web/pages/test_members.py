"""Members: found, added, changed by two desks at once, suspended, exported, forgotten."""

import json
import re

import pytest

from server.store.people import changes, members
from tests.page_text import page_text
from tests.server.web.pages.test_desk import text_of
from tests.snapshots import Snapshots
from tests.web_house import Visitor, WebHouse

NAMES = ["عبد الرحمن", "Zoé Lê Thị Hương", "x" * 200, "O'Brien & fils <Inc>", "‮evil", "🐙", "  spaces  "]


def seen(page: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', page)[1]  # type: ignore[index]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_shown_as_typed(house: WebHouse, desk: Visitor, name: str) -> None:
    page = desk.does("/members/new", name=name, role="member")
    member = members.every(house.db)[0]
    assert member.name == name.strip()
    assert (
        f"<bdi>{str(member.name).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}".replace("'", "&#39;")
        in page
    )


def test_somebody_is_found_whatever_the_case_and_accents(house: WebHouse, desk: Visitor) -> None:
    for name in ("Élise Chazal", "René Dupont", "Dupont Elisabeth"):
        house.member(name)
    assert re.findall(r'class="name">([^<]+)', desk.post("/members/search", wanted="ELI").text) == [
        "Dupont Elisabeth",
        "Élise Chazal",
    ]
    assert "René Dupont" in desk.post("/members/search", wanted="dupont rene").text
    assert "Personne ne correspond." in desk.post("/members/search", wanted="zzz").text


def test_a_faulty_form_keeps_what_was_typed_and_tells_beside_the_field(desk: Visitor) -> None:
    answer = desk.post("/members/new", name="Aline", email="not an address", notes="likes tea")
    assert answer.status_code == 422
    assert 'value="Aline"' in answer.text
    assert "likes tea" in answer.text
    assert re.search(r'id="email"[^>]*aria-invalid="true" aria-describedby="email-fault"', answer.text)


def test_two_desks_do_not_overwrite_each_other_unseen(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    house.operator("Paul")
    other = house.desk("Paul")
    first = seen(desk.page(f"/members/{member}"))
    other.does(f"/members/{member}/edit", name="Aline B.", role="member", seen=first)
    overtaken = desk.post(f"/members/{member}/edit", name="Aline", notes="my note", role="member", seen=first)
    assert overtaken.status_code == 409
    assert "Quelqu'un d'autre a changé cette fiche" in text_of(overtaken.text)
    assert "Aline B." in overtaken.text
    assert "my note" in overtaken.text
    assert members.find(house.db, member).name == "Aline B."
    desk.does(f"/members/{member}/edit", name="Aline", notes="my note", role="member", seen=seen(overtaken.text))
    assert members.find(house.db, member).notes == "my note"


def test_an_edit_can_be_undone_until_somebody_else_edits(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline", email="a@b.fr")
    page = desk.does(
        f"/members/{member}/edit", name="Alain", role="concierge", seen=seen(desk.page(f"/members/{member}"))
    )
    change = re.search(r'name="change" value="(\d+)"', page)[1]  # type: ignore[index]
    desk.does(f"/members/{member}/undo-edit", change=change)
    assert members.find(house.db, member).name == "Aline"
    assert members.find(house.db, member).email == "a@b.fr"
    assert desk.post(f"/members/{member}/undo-edit", change=change).status_code == 409


def test_a_suspension_needs_its_reason_and_ends(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    assert desk.post(f"/members/{member}/suspend", reason=" ").status_code == 422
    assert "N'entre plus depuis le 23 nov. 2026 : bruit" in text_of(
        desk.does(f"/members/{member}/suspend", reason="bruit")
    )
    desk.does(f"/members/{member}/restore")
    assert members.find(house.db, member).suspended_at is None


def test_all_that_is_known_of_somebody_is_one_file(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline", "uid:04A1B2C3D4E5F6")
    answer = desk.get(f"/members/{member}/export")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=member-{member}.json"
    assert json.loads(answer.text)["member"]["name"] == "Aline"


def test_forgetting_takes_the_person_out_of_the_desks_log_too(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    desk.does(f"/members/{member}/edit", name="Aline Besson", role="member", seen=seen(desk.page(f"/members/{member}")))
    assert "Cela ne peut pas être annulé" in desk.page(f"/members/{member}/forget")
    assert "Aline" not in desk.does(f"/members/{member}/forget")
    assert "Aline" not in desk.page("/changes/")
    assert desk.get(f"/members/{member}").status_code == 404
    assert [each.change.what for each in changes.newest(house.db)] == ["member.forget", "member.edit"]


def test_who_is_in_is_not_forgotten(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    desk.does(f"/presence/{member}/entry")
    refused = desk.post(f"/members/{member}/forget")
    assert refused.status_code == 409
    assert "encore là" in refused.text


def test_a_member_who_bought_came_and_was_corrected(house: WebHouse, desk: Visitor, snapshots: Snapshots) -> None:
    house.door()
    member = house.member("Aline Besson", "ntag424:04A1B2C3D4E5F6", email="aline@example.org")
    desk.does(f"/members/{member}/sell", **{"pass": "carnet-half-day", "paid_by": "card"})
    house.tap("ntag424:04A1B2C3D4E5F6")
    house.pass_time(hours=6)
    house.tap("ntag424:04A1B2C3D4E5F6", side="exit", reason="exit")
    correction = {"from_0": "09:14", "to_0": "12:14", "reason": "parti à midi"}
    desk.does(f"/members/{member}/days/2026-11-23/presence", **correction)
    snapshots.same("member.txt", page_text(desk.page(f"/members/{member}")))
    snapshots.same("member_day.txt", page_text(desk.page(f"/members/{member}/days/2026-11-23/")))


def test_the_visits_of_a_month_are_listed(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    desk.does(f"/presence/{member}/entry")
    house.pass_time(hours=2)
    desk.does(f"/presence/{member}/exit")
    assert "lun. 23 09:14–11:14" in text_of(desk.page(f"/members/{member}"))
    assert "Aucune visite" in desk.page(f"/members/{member}?month=2026-10")
    assert desk.get(f"/members/{member}?month=nonsense").status_code == 200


def test_the_log_tells_who_did_what_before_and_after(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    desk.does(f"/members/{member}/edit", name="Alain", role="member", seen=seen(desk.page(f"/members/{member}")))
    assert "09:14 Marie fiche changée · Alain name Aline name Alain" in text_of(desk.page("/changes/"))


def test_a_list_longer_than_a_page_says_that_there_are_more(house: WebHouse, desk: Visitor) -> None:
    for nth in range(60):
        house.member(f"Nobody {nth}")
    assert "Les 50 premiers" in desk.page("/members/")
