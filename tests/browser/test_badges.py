"""A badge held to the desk's reader, in a real browser: the page follows it live, and every state of it is readable."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from device.simulation.cards import Blank
from server.store.people import badges
from tests.browser.axe import LOOKS, RULES, faults, load
from tests.browser.conftest import LAPTOP, PHONE, Open
from tests.browser.test_layout import BROKEN_WORDS, CRUSHED_BUTTONS
from tests.enrolling_place import OTHER_UID, UID, blank, shown
from tests.lent_desk import HaltedCard, LentDesk
from tests.played_desk import Shown
from tests.web_house import WebHouse

pytestmark = pytest.mark.browser

BADGE = "ntag424:04A1B2C3D4E5F6"
CLASSIC = Shown(bytes.fromhex("04A1B2C3"), Blank(), 0x08, b"")
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def reader(house: WebHouse) -> LentDesk:
    return LentDesk(house)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_each_step_is_shown_as_it_is_taken_on_two_screens_at_once(
    house: WebHouse, opened: Open, reader: LentDesk
) -> None:
    anne = house.member("Anne")
    page = opened(f"/members/{anne}")
    press(page, "Donner un badge")
    expect(page.get_by_role("status").get_by_text("Posez un badge vierge sur le lecteur « comptoir ».")).to_be_visible()
    expect(page.locator(".time-left")).to_be_visible()
    phone = opened(page.url, viewport=PHONE)
    card = HaltedCard(blank("ntag424"))
    reader.hold(shown(card))
    for screen in (page, phone):
        expect(screen.get_by_text("Écriture de ses clés…")).to_be_visible()
        expect(screen.locator("[aria-current=step]")).to_contain_text("étape 2 sur 3")
        expect(screen.locator(".time-left")).to_be_hidden()
    card.go_on.set()
    for screen in (page, phone):
        expect(screen.get_by_text("C'est fait : ce badge est à Anne.")).to_be_visible()
        expect(screen.locator(".way .done")).to_have_count(3)
    page.get_by_role("link", name="Retour à sa page").click()
    expect(page.get_by_text(BADGE)).to_be_visible()


def test_pulled_away_another_badge_and_the_first_again_without_a_reload(
    house: WebHouse, opened: Open, reader: LentDesk
) -> None:
    page = opened(f"/members/{house.member('Anne')}")
    press(page, "Donner un badge")
    reader.tear_at(10)
    card = blank("ntag424")
    reader.hold(shown(card))
    expect(page.get_by_text("Le badge a été retiré trop tôt.")).to_be_visible()
    reader.hold(shown(blank("ntag424", OTHER_UID), OTHER_UID))
    expect(page.get_by_text("Un autre badge est posé : …FFFFFF.")).to_be_visible()
    reader.take_away()
    reader.hold(shown(card))
    expect(page.get_by_text("C'est fait : ce badge est à Anne.")).to_be_visible()


def test_a_double_click_a_reload_and_a_step_back_do_nothing_twice(
    house: WebHouse, opened: Open, reader: LentDesk
) -> None:
    anne = house.member("Anne")
    page = opened(f"/members/{anne}")
    page.get_by_role("button", name="Donner un badge", exact=True).dblclick()
    expect(page.locator(".said.await")).to_be_visible()
    session = page.url
    page.reload()
    expect(page.locator(".said.await")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Anne")).to_be_visible()
    press(page, "Donner un badge")
    expect(page.locator(".said.await")).to_be_visible()
    assert page.url == session
    reader.hold(shown(blank("ntag424")))
    expect(page.get_by_text("C'est fait : ce badge est à Anne.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("C'est fait : ce badge est à Anne.")).to_be_visible()
    assert len(reader.desk.orders) == 1
    assert len(badges.every(house.db)) == 1


def test_without_scripts_it_comes_to_the_same(house: WebHouse, opened: Open, reader: LentDesk) -> None:
    page = opened(f"/members/{house.member('Anne')}", java_script_enabled=False)
    press(page, "Donner un badge")
    expect(page.get_by_text("Posez un badge vierge")).to_be_visible()
    reader.hold(shown(blank("ntag424")))
    expect(page.get_by_text("C'est fait : ce badge est à Anne.")).to_be_visible()


def test_a_card_without_keys_is_given_after_a_question(house: WebHouse, opened: Open, reader: LentDesk) -> None:
    page = opened(f"/members/{house.member('Anne')}")
    press(page, "Donner un badge")
    reader.hold(CLASSIC)
    expect(page.get_by_text("Le donner quand même ?")).to_be_visible()
    press(page, "Le donner quand même")
    reader.hold(CLASSIC)
    expect(page.get_by_text("peut être copié", exact=True)).to_be_visible()


def test_a_second_operator_is_told_and_goes_on_when_the_reader_is_free(
    house: WebHouse, opened: Open, reader: LentDesk
) -> None:
    house.operator("Camille")
    house.member("Anne"), house.member("Bruno")
    page = opened("/members/1")
    press(page, "Donner un badge")
    expect(page.locator(".said.await")).to_be_visible()
    answer = house.desk("Camille").post("/badges/sessions/", kind="enrol", member=2)
    assert answer.status_code == 409
    press(page, "Annuler")
    expect(page.get_by_text("Rien n'a été écrit sur un badge.")).to_be_visible()
    house.desk("Camille").does("/badges/sessions/", kind="enrol", member=2)
    reader.hold(shown(blank("ntag424")))
    page.goto("/members/2")
    expect(page.get_by_text(BADGE)).to_be_visible()


def test_the_rotation_is_followed_and_finished_on_a_page_that_stays_open(
    house: WebHouse, opened: Open, reader: LentDesk
) -> None:
    house.member("Anne"), house.member("Bruno")
    page, cards = opened("/members/1"), {OTHER_UID: blank("ntag424", OTHER_UID), UID: blank("ntag424")}
    for member, (uid, card) in enumerate(cards.items(), start=1):
        page.goto(f"/members/{member}")
        press(page, "Donner un badge")
        reader.hold(shown(card, uid))
        expect(page.get_by_text("C'est fait :")).to_be_visible()
        reader.take_away()
    rotation = opened("/badges/keys/", viewport=PHONE)
    press(rotation, "Commencer")
    expect(rotation.get_by_role("status").get_by_text("Il en reste 2 avec les anciennes")).to_be_visible()
    rotation.get_by_text("Terminer sans les attendre").click()
    rotation.get_by_role("button", name="Nouvelles clés pour un badge").focus()
    rotation.evaluate("window.isTheSame = true")
    for left, (uid, card) in zip(("Il en reste 1 avec", "Plus aucun n'a les anciennes."), cards.items(), strict=True):
        page.goto("/badges/")
        press(page, "Nouvelles clés")
        reader.hold(shown(card, uid))
        expect(page.get_by_text("C'est fait :")).to_be_visible()
        reader.take_away()
        expect(rotation.get_by_text(left)).to_be_visible()
        if "reste" in left:
            expect(rotation.get_by_text("Terminer quand même")).to_be_visible()
            expect(rotation.get_by_role("button", name="Nouvelles clés pour un badge")).to_be_focused()
    expect(rotation.get_by_text("Qui reste à venir")).to_be_hidden()
    expect(rotation.locator("[data-part=deed]")).to_be_focused()
    rotation.keyboard.press("Tab")
    expect(rotation.get_by_role("button", name="Terminer", exact=True)).to_be_focused()
    assert rotation.evaluate("window.isTheSame")
    rotation.keyboard.press("Enter")
    expect(rotation.get_by_text("La version 2 des clés des badges est en service.")).to_be_visible()


class State(NamedTuple):
    """A state of a session's page: how it is come to, and what it says."""

    begin: str
    come_to: Callable[[LentDesk, Page], None]
    says: str


def _torn(reader: LentDesk, page: Page) -> None:
    reader.tear_at(10)
    reader.hold(shown(blank("ntag424")))


def _another(reader: LentDesk, page: Page) -> None:
    _torn(reader, page)
    expect(page.get_by_text("retiré trop tôt")).to_be_visible()
    reader.hold(shown(blank("ntag424", OTHER_UID), OTHER_UID))


def _given_up_half_done(reader: LentDesk, page: Page) -> None:
    _torn(reader, page)
    expect(page.get_by_text("retiré trop tôt")).to_be_visible()
    press(page, "Annuler")


STATES = (
    State("Donner un badge", lambda reader, page: None, "Posez un badge vierge"),
    State("Donner un badge", _torn, "retiré trop tôt"),
    State("Donner un badge", _another, "Un autre badge est posé"),
    State("Donner un badge", _given_up_half_done, "inachevé"),
    State("Donner un badge", lambda reader, page: reader.hold(CLASSIC), "Le donner quand même ?"),
    State("Donner un badge", lambda reader, page: reader.hold(shown(blank("ntag424"))), "C'est fait :"),
)


def test_every_state_is_for_everybody(house: WebHouse, opened: Open, reader: LentDesk) -> None:
    """axe finds nothing on a light laptop nor on a dark phone; nothing is too wide, broken or crushed."""
    house.member("Anne-Sophie de la Tour du Pin-Verclause")
    page = opened("/members/1")
    for state in STATES:
        page.set_viewport_size(LAPTOP)
        page.emulate_media(color_scheme="light")
        page.goto("/members/1")
        press(page, state.begin)
        state.come_to(reader, page)
        expect(page.get_by_text(state.says)).to_be_visible()
        load(page)
        assert faults(page, RULES) == [], state.says
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        assert faults(page, LOOKS) == [], state.says
        assert page.evaluate(BROKEN_WORDS) + page.evaluate(CRUSHED_BUTTONS) == [], state.says
        assert page.evaluate(FITS), state.says
        if page.get_by_role("button", name="Annuler", exact=True).count():
            press(page, "Annuler")
            expect(page.get_by_role("button", name="Recommencer")).to_be_visible()
        reader.take_away()
