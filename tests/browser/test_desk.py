"""A concierge's day in a real browser: live without reload, by mouse and by keyboard, on a laptop and on a phone."""

import msgspec
import pytest
from playwright.sync_api import expect

from server.web.serving import WebServer
from tests.browser.axe import LOOKS, RULES, faults, load
from tests.browser.conftest import LAPTOP, PHONE, Open
from tests.furnished import furnish
from tests.patience import wait_until
from tests.web_house import PASSWORD, WebHouse

pytestmark = pytest.mark.browser

BADGE, STRANGE = "ntag424:04A1B2C3D4E5F6", "uid:04FFFFFFFFFFF1"
FITS = "document.documentElement.scrollWidth <= innerWidth"


def test_an_operator_logs_in_by_keyboard(opened: Open) -> None:
    page = opened("/members/", login=False)
    expect(page.get_by_label("Nom", exact=True)).to_be_focused()
    page.keyboard.type("Marie")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Membres")).to_be_visible()


def test_an_unknown_badge_becomes_a_member_with_a_carnet_and_a_tap_leaves_ten(house: WebHouse, opened: Open) -> None:
    house.door()
    page = opened()
    expect(page.get_by_text("Rien ne demande votre aide.")).to_be_visible()
    house.tap(STRANGE, reason="unknown_credential")
    page.get_by_role("link", name="À qui est-il ?").click()
    page.get_by_label("Nom", exact=True).fill("Carole Nouvelle")
    page.get_by_role("button", name="Ajouter avec ce badge").click()
    expect(page.get_by_role("heading", name="Carole Nouvelle")).to_be_visible()
    page.get_by_label("Voyageur, carnet de demi-journées").check()
    page.get_by_role("group", name="Vendre").get_by_role("button", name="carte").click()
    expect(page.get_by_text("11 demi-journées")).to_be_visible()
    page.goto("/")
    house.tap(STRANGE)
    line = page.locator(".people li", has_text="Carole Nouvelle")
    expect(line).to_contain_text("10 demi-journées")
    expect(page.locator(".figure strong")).to_have_text("1")


def test_the_desk_is_live_on_two_screens_at_once(house: WebHouse, opened: Open) -> None:
    house.door()
    house.member("Aline", BADGE)
    laptop, phone = opened(), opened(viewport=PHONE)
    house.tap(BADGE)
    for page in (laptop, phone):
        expect(page.locator(".people li", has_text="Aline")).to_be_visible()
    house.pass_time(minutes=1)
    laptop.get_by_role("button", name="Sortie Aline").click()
    for page in (laptop, phone):
        expect(page.get_by_text("Personne pour l'instant.")).to_be_visible()
    laptop.get_by_role("button", name="Annuler").click()
    expect(phone.locator(".people li", has_text="Aline")).to_be_visible()


def test_somebody_who_forgot_the_badge_is_noted_by_three_letters(house: WebHouse, opened: Open) -> None:
    for name in ("Élise Chazal", "Élodie Roux", "Paul Montagnier"):
        house.member(name)
    page = opened()
    page.get_by_label("Noter une arrivée").fill("eli")
    expect(page.locator("#check-in-list li")).to_have_count(1)
    page.get_by_role("button", name="Est là Élise Chazal").click()
    expect(page.get_by_text("✓ Élise Chazal est là.")).to_be_visible()


def test_what_is_being_typed_is_left_alone_while_the_desk_lives_on(house: WebHouse, opened: Open) -> None:
    house.door()
    house.member("Aline", BADGE)
    house.member("Élise Chazal")
    page = opened()
    page.get_by_label("Noter une arrivée").fill("eli")
    house.tap(BADGE)
    expect(page.locator(".figure strong")).to_have_text("1")
    expect(page.get_by_label("Noter une arrivée")).to_have_value("eli")
    expect(page.get_by_label("Noter une arrivée")).to_be_focused()


def test_a_guest_comes_on_a_golden_ticket(house: WebHouse, opened: Open) -> None:
    house.member("Aline Besson")
    page = opened("/members/1")
    page.get_by_label("Voyageur, carnet de journées").check()
    page.get_by_role("group", name="Vendre").get_by_role("button", name="espèces").click()
    page.get_by_role("link", name="Son invité…").click()
    page.get_by_label("Son nom").fill("Béatrice")
    page.get_by_label("sur un ticket d'or").check()
    page.get_by_role("button", name="Laisser entrer").click()
    expect(page.locator(".people li", has_text="Béatrice")).to_contain_text("ticket d'or · Aline Besson")


def test_a_lost_badge_opens_nothing_any_more(house: WebHouse, opened: Open) -> None:
    house.member("Aline", BADGE)
    page = opened("/members/1")
    page.get_by_role("button", name="Perdu").click()
    expect(page.get_by_text("n'ouvre plus rien")).to_be_visible()
    expect(page.get_by_text("Aucun badge.")).to_be_visible()


def test_a_date_is_corrected_with_its_reason(house: WebHouse, opened: Open) -> None:
    house.door()
    house.member("Aline", BADGE)
    house.tap(BADGE)
    house.pass_time(hours=3)
    house.tap(BADGE, side="exit", reason="exit")
    page = opened("/members/1")
    expect(page.get_by_text("▲ Doit 9 €")).to_be_visible()
    page.get_by_role("link", name="lun. 23").click()
    page.get_by_label("de", exact=True).first.fill("09:14")
    page.get_by_label("à", exact=True).first.fill("10:00")
    page.get_by_label("Pourquoi").first.fill("partie plus tôt")
    page.get_by_role("button", name="Corriger la présence").click()
    expect(page.get_by_text("Journée corrigée :")).to_be_visible()
    page.get_by_role("link", name="Aline").click()
    expect(page.get_by_text("▲ Doit 3 €")).to_be_visible()


def _three_are_in(house: WebHouse) -> None:
    desk = house.desk()
    for name in ("Aline Besson", "Oumar Diallo", "Zoé Lê"):
        desk.post(f"/presence/{house.member(name)}/entry")


def test_a_muster_is_ticked_off_from_two_phones(house: WebHouse, opened: Open) -> None:
    _three_are_in(house)
    first, second = opened("/muster/", viewport=PHONE), opened("/muster/", viewport=PHONE)
    first.get_by_role("button", name="Commencer l'appel").click()
    expect(first.get_by_text("3 manquent")).to_be_visible()
    first.get_by_role("button", name="Aline Besson").click()
    expect(first.get_by_role("button", name="Aline Besson")).to_have_attribute("aria-pressed", "true")
    expect(second.get_by_text("2 manquent")).to_be_visible()
    second.get_by_role("button", name="Oumar Diallo").click()
    expect(first.get_by_text("1 manque")).to_be_visible()


def test_a_tick_made_without_network_is_sent_when_it_is_back(house: WebHouse, opened: Open) -> None:
    _three_are_in(house)
    page = opened("/muster/", viewport=PHONE)
    page.get_by_role("button", name="Exercice").click()
    expect(page.get_by_role("heading", name="Exercice d'évacuation")).to_be_visible()
    page.route("**/tick", lambda route: route.abort())
    page.route("**/list", lambda route: route.abort())
    page.get_by_role("button", name="Aline Besson").click()
    expect(page.get_by_text("Pas de réseau")).to_be_visible()
    page.unroute("**/tick")
    page.unroute("**/list")
    expect(page.get_by_text("2 manquent")).to_be_visible()


def test_a_wall_follows_the_doors_and_comes_back_by_itself(house: WebHouse, opened: Open) -> None:
    house.door()
    house.member("Aline", BADGE)
    page = opened("/display", login=False)
    house.tap(BADGE)
    expect(page.locator("[data-present]")).to_have_text("1")
    house.dials("atelier", "workshop", 3)
    house.feed.publish("room", house.room_document("atelier"))
    expect(page.locator("[data-room=atelier] [data-people]")).to_have_text("3")
    expect(page.locator("[data-room=atelier] .taken-part")).to_have_attribute("d", "M18 18V1A17 17 0 0 1 18.00 35.00Z")


def test_a_wall_says_that_its_figures_are_old_and_comes_back_by_itself(house: WebHouse, opened: Open) -> None:
    house.door()
    house.member("Aline", BADGE)
    settings = house.settings.web
    first = WebServer(house.app, settings)
    first.start()
    page = opened(f"http://127.0.0.1:{first.port}/display", login=False)
    expect(page.locator("[data-present]")).to_have_text("0")
    wait_until(lambda: house.feed.subscribers)  # its stream is open
    first.stop()
    expect(page.get_by_text("le serveur ne répond pas")).to_be_visible()
    expect(page.locator("[data-present]")).to_have_text("0")
    house.tap(BADGE)
    again = WebServer(house.app, msgspec.structs.replace(settings, port=first.port))
    again.start()
    expect(page.locator("[data-present]")).to_have_text("1")
    expect(page.get_by_text("le serveur ne répond pas")).to_be_hidden()
    page.goto("about:blank")
    again.stop()


def test_what_was_typed_stays_while_the_part_around_it_changes(house: WebHouse, opened: Open) -> None:
    house.door()
    page = opened()
    page.get_by_text("Passage libre…").click()
    page.get_by_label("jusqu'à").fill("16:00")
    page.get_by_role("heading", name="Derniers badges").click()
    house.says("front", outbox=3)
    expect(page.get_by_text("3 événements en attente")).to_be_visible()
    expect(page.get_by_label("jusqu'à")).to_have_value("16:00")


def test_the_desk_asks_for_a_login_again_when_the_place_has_closed(house: WebHouse, opened: Open) -> None:
    page = opened()
    house.pass_time(hours=9)
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()


def test_the_whole_desk_works_by_keyboard(house: WebHouse, opened: Open) -> None:
    house.door()
    page = opened()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Sauvegardes…")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="+ 1")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".figure strong")).to_have_text("1")


PAGES = (
    *("/", "/members/", "/members/3", "/members/3/days/2026-11-23/", "/members/new", "/members/import"),
    *("/members/3/forget", "/guests/new?member=3", "/presence/settle", "/muster/", "/figures/?period=day"),
    *("/figures/?period=year", "/changes/", "/set-aside", "/help", "/password", "/display", "/display/rooms/atelier"),
    *("/units/", "/units/new", "/units/porte-avant", "/units/porte-avant/card", "/units/porte-avant/card/new"),
    *("/badges/", "/badges/wipe", "/badges/keys/", "/badges/sessions/new?kind=enrol&member=3"),
)


def test_every_page_is_for_everybody(house: WebHouse, opened: Open) -> None:
    """axe finds nothing on a light laptop nor on a dark phone; no page is wider than its screen or over 60 KB."""
    furnish(house, 36)
    page = opened()
    unknown = page.locator("a[href^='/taps/']").first.get_attribute("href")
    page.get_by_role("button", name="+ 1").click()
    assert unknown
    for path in (*PAGES, unknown):
        page.set_viewport_size(LAPTOP)
        page.emulate_media(color_scheme="light")
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        load(page)
        assert faults(page, RULES) == [], path
        assert page.evaluate(FITS), f"{path} is too wide for a laptop"
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        assert faults(page, LOOKS) == [], f"{path} on a dark phone"
        assert page.evaluate(FITS), f"{path} is too wide for a phone"
        sizes = "performance.getEntriesByType('resource').reduce((sum, each) => sum + each.decodedBodySize, 0)"
        size = page.evaluate(f"{sizes} + performance.getEntriesByType('navigation')[0].decodedBodySize")
        assert size < 60_000, f"{path} has {size} bytes"


def test_the_login_page_is_for_everybody(opened: Open) -> None:
    page = opened("/login", login=False, viewport=PHONE)
    load(page)
    assert faults(page, RULES) == []
