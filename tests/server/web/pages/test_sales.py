"""Over the desk: passes in two clicks, debts, credit, and dates put right."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from server.accounts.accounts import Accounts
from server.core.charge.passes import TicketKind
from server.store.accounts import lots, sales
from tests.server.web.pages.test_desk import text_of
from tests.server.web.pages.test_presence import present
from tests.web_house import Visitor, WebHouse

BADGE = "ntag424:04A1B2C3D4E5F6"


def held(house: WebHouse, member: int) -> dict[TicketKind, int]:
    return dict(Accounts(house.db, house.house).account(member, house.now).held)


def came(house: WebHouse, desk: Visitor, hours: float = 3) -> int:
    """A member with a badge, in from 9:14 for so long."""
    house.door()
    member = house.member("Aline", BADGE)
    house.tap(BADGE)
    house.pass_time(hours=hours)
    house.tap(BADGE, side="exit", reason="exit")
    return member


def test_a_carnet_is_sold_in_two_clicks_and_a_tap_leaves_ten(house: WebHouse, desk: Visitor) -> None:
    house.door()
    member = house.member("Aline", BADGE)
    page = desk.does(f"/members/{member}/sell", **{"pass": "carnet-half-day", "paid_by": "card"})
    assert "✓ Vendu : Voyageur, carnet de demi-journées, 90 €. Annuler" in text_of(page)
    assert "11 demi-journées sur 11, jusqu'au 22 nov. 2027" in text_of(page)
    house.tap(BADGE)
    assert "10 demi-journées sur 11" in text_of(desk.page(f"/members/{member}"))
    assert "Aline 10 demi-journées 09:14" in text_of(desk.page("/"))


def test_a_sale_is_undone_at_once(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    desk.does(f"/members/{member}/sell", **{"pass": "resident", "paid_by": "transfer"})
    page = desk.does("/sales/1/cancel")
    assert "Vente annulée : Résident, −280 €." in text_of(page)
    assert "Ni pass, ni ticket." in page
    assert [sale.price_cents for sale in sales.of_member(house.db, member)] == [28_000, -28_000]
    assert desk.post("/sales/1/cancel").status_code == 409


@pytest.mark.parametrize(
    "fields, field, told",
    [
        ({"pass": "carnet"}, "pass", "Aucun pass"),
        ({"pass": ""}, "pass", "Choisissez ce qui est vendu."),
        ({"reduced": "yes"}, "sale_reason", "Indiquez pourquoi le tarif réduit s'applique."),
        (
            {"pass": "ticket-hour", "reduced": "yes", "reason": "ménage"},
            "reduced",
            "« Campeur, une heure » n'a pas de tarif réduit.",
        ),
        ({"reason": "ménage"}, "reduced", "Cochez ceci, ou effacez la raison."),
        ({"on": "2031-01-01"}, "on", "dans plus d'un an"),
        ({"on": "2026-02-30"}, "on", "« 2026-02-30 » n'est pas une date."),
        ({"paid_by": ""}, "sale_means", "Choisissez le règlement"),
    ],
)
def test_a_sale_that_cannot_be_is_told_beside_its_field_and_writes_nothing(
    house: WebHouse, desk: Visitor, fields: dict[str, str], field: str, told: str
) -> None:
    member = house.member("Aline")
    answer = desk.post(f"/members/{member}/sell", **({"pass": "resident", "paid_by": "card"} | fields))
    assert answer.status_code == 422
    fault = text_of(answer.text.split(f'id="{field}-fault">')[1].split("<")[0])
    assert told in fault
    assert sales.of_member(house.db, member) == []


SEEN = re.compile(r'name="seen" value="([0-9.]+)"')


def seen_on(page: str) -> str:
    """How far the forms of a member's page have seen."""
    (seen,) = set(SEEN.findall(page))
    return str(seen)


@pytest.mark.parametrize(
    "form, fields",
    [
        ("sell", {"pass": "ticket-day", "paid_by": "cash"}),
        ("pay", {"amount": "1", "paid_by": "card"}),
        ("give", {"kind": "hour", "size": "1", "reason": "ménage"}),
    ],
)
@pytest.mark.parametrize(
    "meanwhile, told",
    [
        (
            ("sell", {"pass": "ticket-hour", "paid_by": "cash"}),
            "Paul a vendu « Campeur, une heure » à Aline il y a 20 s.",
        ),
        (("pay", {"amount": "1", "paid_by": "cash"}), "Aline a payé 1 € à Paul il y a 20 s."),
        (
            ("give", {"kind": "golden", "size": "2", "reason": "fête"}),
            "Paul a donné à Aline 2 tickets d'or il y a 20 s.",
        ),
    ],
)
def test_whoever_books_for_somebody_hears_first_what_another_desk_has_booked(
    house: WebHouse, form: str, fields: dict[str, str], meanwhile: tuple[str, dict[str, str]], told: str
) -> None:
    """Whatever one books and whatever the other has: nothing is booked twice unseen, and nothing typed is lost."""
    for name in ("Marie", "Paul"):
        house.operator(name)
    desk, other = house.desk("Marie"), house.desk("Paul")
    member = came(house, desk)
    seen = seen_on(desk.page(f"/members/{member}"))
    other.does(f"/members/{member}/{meanwhile[0]}", **meanwhile[1])
    house.now += timedelta(seconds=20)
    before = [sale.number for sale in sales.of_member(house.db, member)], lots.of_member(house.db, member)
    asked = desk.post(f"/members/{member}/{form}", seen=seen, **fields)
    assert asked.status_code == 409
    assert told in text_of(asked.text).replace("\u202f", " ")
    after = [sale.number for sale in sales.of_member(house.db, member)], lots.of_member(house.db, member)
    assert after == before
    if "reason" in fields:
        assert f'value="{fields["reason"]}"' in asked.text
    desk.does(f"/members/{member}/{form}", seen=seen_on(asked.text), **fields)


def test_a_renewal_follows_unless_today_is_chosen_or_a_day_is_typed(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    sell = f"/members/{member}/sell"
    resident = {"pass": "resident", "paid_by": "transfer"}
    desk.does(sell, **resident, on="2026-11-15")
    page = text_of(desk.page(f"/members/{member}"))
    assert "à la suite : 15 déc. 2026 – 14 janv. 2027" in page.replace("\u2009", " ").replace("\u202f", " ")
    assert "280 €, du 15 déc. 2026 au 14 janv. 2027" in text_of(desk.does(sell, **resident)).replace("\u202f", " ")
    desk.does(sell, **resident)
    desk.does(sell, **resident, **{"start-resident": "today"})
    days = [sale.first_day for sale in sales.of_member(house.db, member)]
    assert days == [date(2026, 11, 15), date(2026, 12, 15), date(2027, 1, 15), date(2026, 11, 23)]


def test_a_page_that_was_left_open_asks_before_it_sells_again(house: WebHouse, desk: Visitor) -> None:
    """One's own sale counts as well: a page from before it, come back to, is as old as another desk's."""
    member = house.member("Aline")
    seen = seen_on(desk.page(f"/members/{member}"))
    carnet = {"pass": "carnet-day", "paid_by": "card"}
    desk.does(f"/members/{member}/sell", seen=seen, **carnet)
    assert desk.post(f"/members/{member}/sell", seen=seen, **carnet).status_code == 409
    assert held(house, member)["day"] == 11


def test_the_reduced_price_is_for_who_renders_services(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    fields = {"pass": "nomade", "reduced": "yes", "reason": "ménage du lundi", "paid_by": "cash", "on": "2026-11-02"}
    assert "Vendu : Nomade, 90 €, du 2 nov. 2026 au 1 déc. 2026." in text_of(
        desk.does(f"/members/{member}/sell", **fields)
    )
    assert sales.of_member(house.db, member)[0].first_day == date(2026, 11, 2)


def test_what_is_owed_is_shown_on_top_and_paid(house: WebHouse, desk: Visitor) -> None:
    house.door()
    member = house.member("Aline", BADGE)
    house.tap(BADGE)
    assert "Aline doit 3 € C'est vu" in text_of(desk.page("/parts/matters"))
    house.pass_time(hours=3)
    house.tap(BADGE, side="exit", reason="exit")
    assert "Doit 9 €" in text_of(desk.page(f"/members/{member}"))
    assert "Encaissé : 4,50 €." in text_of(desk.does(f"/members/{member}/pay", paid_by="cash", amount="4,50"))
    page = desk.post(f"/members/{member}/pay", paid_by="cash", amount="many")
    assert (page.status_code, 'value="many"' in page.text) == (422, True)
    assert desk.post(f"/members/{member}/pay", paid_by="cash", amount="100").status_code == 422
    desk.does(f"/members/{member}/pay", paid_by="card")
    assert "Doit" not in text_of(desk.page(f"/members/{member}"))


def test_all_that_is_owed_is_the_sum_that_the_page_showed(house: WebHouse, desk: Visitor) -> None:
    house.door()
    member = house.member("Aline", BADGE)
    house.tap(BADGE)
    shown = desk.page(f"/members/{member}")
    assert 'name="owed" value="300"' in shown
    house.pass_time(hours=3)
    house.tap(BADGE, side="exit", reason="exit")
    refused = desk.post(f"/members/{member}/pay", paid_by="cash", owed="300")
    assert refused.status_code == 422
    assert "est maintenant de 9 €" in text_of(refused.text)
    assert "Encaissé : 3 €." in text_of(desk.does(f"/members/{member}/pay", paid_by="cash", owed="300", amount="3"))
    assert "Encaissé : 6 €." in text_of(desk.does(f"/members/{member}/pay", paid_by="cash", owed="600"))


def test_tickets_are_given_with_a_reason_and_taken_back(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    assert desk.post(f"/members/{member}/give", kind="day", size="2", reason=" ").status_code == 422
    assert desk.post(f"/members/{member}/give", kind="day", size="0", reason="ménage").status_code == 422
    page = desk.does(f"/members/{member}/give", kind="half_day", size="2", reason="ménage")
    assert "Donné : 2 demi-journées. Annuler" in text_of(page)
    desk.does("/gifts/1/take-back")
    assert held(house, member)["half_day"] == 0


def test_expired_tickets_are_shown_and_can_be_prolonged(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    desk.does(f"/members/{member}/sell", **{"pass": "ticket-day", "paid_by": "cash"})
    house.pass_time(days=400)
    desk = house.desk()
    lot = lots.of_member(house.db, member)[0].id
    assert "1 journée expirés le 22 nov. 2027" in text_of(desk.page(f"/members/{member}"))
    assert desk.post(f"/members/{member}/lots/{lot}/prolong", last_day="", reason="malade").status_code == 422
    desk.does(f"/members/{member}/lots/{lot}/prolong", last_day="2028-03-01", reason="malade")
    assert held(house, member)["day"] == 1


def test_tickets_that_expire_soon_are_told_while_their_holder_is_there(house: WebHouse, desk: Visitor) -> None:
    house.door()
    member = house.member("Aline", BADGE)
    fields = {"pass": "carnet-day", "paid_by": "cash", "on": "2025-11-30"}
    desk.does(f"/members/{member}/sell", **fields)
    assert "expirent" not in desk.page("/parts/matters")
    house.tap(BADGE)
    assert "Des tickets expirent bientôt : Aline le 29 nov. 2026" in text_of(desk.page("/parts/matters"))


def test_a_date_is_explained_line_by_line(house: WebHouse, desk: Visitor) -> None:
    member = came(house, desk)
    page = text_of(desk.page(f"/members/{member}/days/2026-11-23/"))
    assert "lundi 23 novembre 2026" in page
    assert "Présence : 9 h 14 – 12 h 14" in page
    assert re.search(r"Écritures .* −9 €|−3 €", page)


def test_a_corrected_presence_wins_until_it_is_lifted(house: WebHouse, desk: Visitor) -> None:
    member = came(house, desk)
    day = f"/members/{member}/days/2026-11-23"
    page = text_of(desk.does(f"{day}/presence", from_0="09:14", to_0="10:00", reason="partie plus tôt"))
    assert "Journée corrigée : Aline, lun. 23. Annuler" in page
    assert "Marie : corrigé, partie plus tôt" in page
    assert "Doit 3 €" in text_of(desk.page(f"/members/{member}"))
    desk.does(f"{day}/lift")
    assert "Doit 9 €" in text_of(desk.page(f"/members/{member}"))


def test_two_desks_that_correct_one_date_hear_of_each_other(house: WebHouse, desk: Visitor) -> None:
    member = came(house, desk)
    day = f"/members/{member}/days/2026-11-23"
    hours = {"from_0": "09:14", "to_0": "10:00", "reason": "partie plus tôt"}
    desk.does(f"{day}/presence", seen="0", **hours)
    house.now += timedelta(minutes=3)
    for form, fields in (("presence", hours | {"to_0": "11:00"}), ("charge", {"free": "yes", "reason": "geste"})):
        asked = desk.post(f"{day}/{form}", seen="0", **fields)
        assert asked.status_code == 409
        assert "Marie a corrigé cette journée il y a 3 min." in text_of(asked.text)
        assert f'value="{fields["reason"]}"' in asked.text
    desk.does(f"{day}/presence", seen="1", **(hours | {"to_0": "11:00"}))
    lifted = desk.post(f"{day}/lift", seen="1")  # the undo of the first, pressed late
    assert lifted.status_code == 409
    assert "Marie a corrigé cette journée" in text_of(lifted.text)
    desk.does(f"{day}/lift", seen="2")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"hour": "-1"},
        {"hour": "x"},
        {"day": "101"},
        {"owed": "1e3"},
        {"hour": "0", "half_day": "0", "owed": "0,00"},
    ],
)
def test_no_charge_is_taken_away_by_a_form_that_says_nothing(
    house: WebHouse, desk: Visitor, fields: dict[str, str]
) -> None:
    member = came(house, desk)
    answer = desk.post(f"/members/{member}/days/2026-11-23/charge", reason="une erreur", **fields)
    assert answer.status_code == 422
    assert 'id="charge-fault"' in answer.text
    assert 'value="une erreur"' in answer.text
    assert "Doit 9 €" in text_of(desk.page(f"/members/{member}")).replace("\u202f", " ")


def test_the_form_of_a_charge_holds_what_the_date_costs(house: WebHouse, desk: Visitor) -> None:
    member = came(house, desk)
    page = desk.page(f"/members/{member}/days/2026-11-23/")
    assert 'id="owed" name="owed" inputmode="decimal" value="9,00"' in page
    again = desk.post(f"/members/{member}/days/2026-11-23/charge", owed="9,00", reason="pour rien")
    assert "C'est déjà ce qui est calculé" in text_of(again.text)


def test_a_corrected_charge_takes_the_place_of_the_computed_one(house: WebHouse, desk: Visitor) -> None:
    member = came(house, desk)
    desk.does(f"/members/{member}/days/2026-11-23/charge", free="yes", reason="geste de la maison")
    assert "Doit" not in text_of(desk.page(f"/members/{member}"))


@pytest.mark.parametrize(
    "form, fields, field",
    [
        ("presence", {"from_0": "10:00", "to_0": "09:00", "reason": "x"}, "presence"),
        ("presence", {"from_0": "9h", "to_0": "10h", "reason": "x"}, "presence"),
        ("presence", {"from_0": "10:00", "to_0": "11:00", "reason": ""}, "presence_reason"),
        ("presence", {"from_0": "09:14", "to_0": "12:14", "reason": "pour rien"}, "presence"),
        ("charge", {"free": "yes", "reason": ""}, "charge_reason"),
    ],
)
def test_a_correction_that_cannot_be_is_told_beside_it(
    house: WebHouse, desk: Visitor, form: str, fields: dict[str, str], field: str
) -> None:
    member = came(house, desk)
    answer = desk.post(f"/members/{member}/days/2026-11-23/{form}", **fields)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    for name in ("from_0", "to_0"):
        if name in fields:
            assert f'value="{fields[name]}"' in answer.text


@pytest.mark.parametrize("day", ["2026-02-30", "x", "1066-10-14", "9999-01-01"])
def test_a_date_that_is_none_leads_nowhere(house: WebHouse, desk: Visitor, day: str) -> None:
    member = house.member("Aline")
    assert desk.get(f"/members/{member}/days/{day}/").status_code == 404
    assert desk.post(f"/members/{member}/days/{day}/presence", reason="x").status_code == 404


def test_a_guest_on_a_golden_ticket_takes_it_once(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    assert desk.post("/guests/new", name="Béatrice", member=member, ticket="golden").status_code == 422
    desk.does(f"/members/{member}/sell", **{"pass": "carnet-day", "paid_by": "cash"})
    assert held(house, member)["golden"] == 1
    desk.does("/guests/new", name="Béatrice", member=member, ticket="golden", next="/")
    assert held(house, member)["golden"] == 0
    desk.does("/presence/exit", guest="Béatrice")
    again = desk.post("/guests/new", name="Béatrice", member=member, ticket="golden")
    assert again.status_code == 422


def test_a_room_is_set_at_the_desk_and_put_back(house: WebHouse, desk: Visitor) -> None:
    page = text_of(desk.does("/rooms/", room="atelier", use="workshop", people="4"))
    assert "Atelier : Atelier, 4. Annuler" in page
    desk.does("/rooms/", room="atelier", use="free", people="0")
    for fields in ({"room": "nowhere", "use": "free"}, {"room": "atelier", "use": "sleep"}):
        assert desk.post("/rooms/", **fields).status_code == 409


def test_a_golden_ticket_that_was_used_by_mistake_is_given_back(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    desk.does(f"/members/{member}/sell", **{"pass": "carnet-day", "paid_by": "card"})
    page = desk.does("/guests/new", name="Béatrice", member=member, ticket="golden", next="/")
    number = re.search(r'name="number" value="(\d+)"', page)
    assert number
    assert "✓ Annulé : Béatrice." in text_of(desk.does("/guests/take-ticket-back", number=number[1], next="/"))
    assert held(house, member)["golden"] == 1
    assert present(house) == 0
    assert desk.post("/guests/take-ticket-back", number=number[1]).status_code == 409
    desk.does("/guests/new", name="beatrice", member=member, ticket="golden", next="/")
    assert held(house, member)["golden"] == 0


def test_a_guest_of_a_like_name_is_asked_about_beside_the_name(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    for _ in range(2):
        desk.does(f"/members/{member}/sell", **{"pass": "carnet-day", "paid_by": "card"})
    form: dict[str, Any] = {"member": member, "ticket": "golden", "next": "/"}
    desk.does("/guests/new", name="Béatrice Roanne", **form)
    asked = desk.post("/guests/new", name="Roanne Béatrice", **form)
    assert asked.status_code == 422
    assert "sur un ticket d'or de Aline : la même personne ?" in text_of(asked.text)
    assert 'id="name-fault"' in asked.text
    assert 'name="ticket" value="golden" checked' in asked.text
    desk.does("/guests/new", name="Roanne Béatrice", is_another="yes", **form)
    assert present(house) == 2


def test_the_holder_of_the_ticket_is_asked_about_beside_the_name(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Carole Martin")
    desk.does(f"/members/{member}/sell", **{"pass": "carnet-day", "paid_by": "card"})
    form: dict[str, Any] = {"member": member, "ticket": "golden", "next": "/"}
    assert "pas pour qui le détient" in text_of(desk.post("/guests/new", name="Martin Carole", **form).text)
    asked = desk.post("/guests/new", name="C. Martin", **form)
    assert "Ce ticket d'or est à Carole Martin : la même personne que C. Martin ?" in text_of(asked.text)
    assert 'name="is_another"' in asked.text and 'id="name-fault"' in asked.text
    desk.does("/guests/new", name="C. Martin", is_another="yes", **form)
    assert present(house) == 1
