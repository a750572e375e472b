"""The bench in a real browser: a visitor clicks, draws, types, and sees the door do it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PATIENCE
from tests.running_demo import RunningDemo

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1440, "height": 1000}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningDemo]:
    with RunningDemo("--for", "1800") as running:
        yield running


@pytest.fixture
def page(browser: Browser, demo: RunningDemo, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(**({"viewport": DESKTOP, "locale": "fr-FR"} | getattr(request, "param", {})))
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(demo.bench)
    expect(page.locator("#present")).not_to_have_text("–")
    yield page
    context.close()
    assert faults == []


def unit(page: Page, name: str) -> Locator:
    return page.locator(f"[data-unit='{name}']")


def test_a_badge_taken_and_held_to_a_reader_opens_the_door(page: Page) -> None:
    front, before = unit(page, "porte-avant"), int(page.inner_text("#present"))
    page.get_by_role("button", name="Claire Fontaine").click()
    expect(page.get_by_role("button", name="Claire Fontaine")).to_have_attribute("aria-pressed", "true")
    front.get_by_role("button", name="Lecteur").click()
    expect(front.locator(".answer")).to_contain_text("Claire Fontaine : bienvenue")
    expect(front.locator("[data-fact='strike']")).to_have_text("libre")
    front.get_by_role("button", name="Passer").click()
    expect(front.locator("[data-fact='leaf']")).to_have_text("ouverte")
    expect(page.locator("#present")).to_have_text(str(before + 1))
    expect(page.locator("#story li", has_text=f"compte {before + 1} présents (+1)")).to_have_count(1)


def test_a_badge_is_drawn_onto_the_reader_inside(page: Page) -> None:
    badge, reader = page.locator("[data-badge='hugo']"), unit(page, "porte-arriere").locator("[data-side='exit']")
    badge.hover()
    page.mouse.down()
    where = reader.bounding_box()
    assert where
    page.mouse.move(where["x"] + 20, where["y"] + 10, steps=8)
    expect(reader).to_have_class("reader plain aimed")
    page.mouse.up()
    expect(unit(page, "porte-arriere").locator(".answer")).to_contain_text("Hugo Lefèvre")
    expect(badge).to_have_attribute("aria-pressed", "false")


def test_everything_is_done_by_the_keyboard_alone(page: Page) -> None:
    page.get_by_role("button", name="Carte inconnue").focus()
    page.keyboard.press("Enter")
    unit(page, "porte-avant").get_by_role("button", name="Lecteur").focus()
    page.keyboard.press("Enter")
    expect(unit(page, "porte-avant").locator(".answer")).to_contain_text("badge inconnu")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Carte inconnue")).to_be_focused()


def test_a_telephone_a_copy_and_a_new_badge_are_told_what_they_are(page: Page) -> None:
    front = unit(page, "porte-avant")
    for badge, answer in (
        ("Téléphone", "Téléphone : refus, un téléphone montre un autre numéro à chaque fois"),
        ("Badge copié", "Badge copié : refus, le badge n'a pas prouvé sa clé"),
        ("Badge neuf", "Badge neuf : refus, badge inconnu"),
    ):
        page.get_by_role("button", name=badge).click()
        expect(front.locator(".reader").first).not_to_have_class("reader holding")
        front.get_by_role("button", name="Lecteur").click()
        expect(front.locator(".answer")).to_contain_text(answer)


def test_a_pulled_cable_and_a_killed_server_are_seen_and_said(page: Page) -> None:
    desk = unit(page, "comptoir")
    desk.get_by_role("switch", name="Réseau").click()
    expect(desk.locator(".chip")).to_have_text("▲ hors ligne")
    expect(page.locator(".ends .cut em")).to_have_text("débranché")
    desk.get_by_role("switch", name="Réseau").click()
    expect(desk.locator(".chip")).to_have_text("● en ligne")
    page.get_by_role("switch", name="Serveur").click()
    expect(page.locator("#count-note")).to_contain_text("serveur arrêté")
    page.get_by_role("switch", name="Serveur").click()
    expect(page.locator("#count-note")).not_to_contain_text("serveur arrêté")


def test_the_ring_shines_as_its_bits_say(page: Page) -> None:
    back = unit(page, "porte-arriere")
    back.get_by_role("switch", name="Courant").click()
    expect(back.locator(".leds circle[fill='#191a1f']")).to_have_count(12)
    back.get_by_role("switch", name="Courant").click()
    expect(back.locator(".leds circle:not([fill='#191a1f'])")).to_have_count(4)


def test_a_dial_that_is_turned_lights_its_ring_and_the_server_takes_note(page: Page) -> None:
    room = unit(page, "salle-reunion")
    unlit = room.locator(".leds circle[fill='#191a1f']")
    expect(room.locator(".status")).to_contain_text("0 sur 8")
    room.get_by_role("button", name="Appuyer sur le bouton").click()
    for _ in range(8):
        room.get_by_role("button", name="Une personne de plus").click()
    expect(unlit).to_have_count(0)
    expect(room.locator(".status")).to_contain_text("Travail calme")
    expect(room.locator(".status")).to_contain_text("8 sur 8")
    room.get_by_role("button", name="Appui long").click()
    expect(room.locator(".status")).to_contain_text("0 sur 8")


@pytest.mark.parametrize("page", [{"viewport": PHONE, "has_touch": True, "color_scheme": "dark"}], indirect=True)
def test_on_a_phone_nothing_runs_off_the_side_and_the_badges_stay_at_hand(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    unit(page, "comptoir").scroll_into_view_if_needed()
    page.get_by_role("button", name="Léo Marchand").tap()
    unit(page, "comptoir").get_by_role("button", name="Lecteur").tap()
    expect(unit(page, "comptoir").locator(".answer")).to_contain_text("Léo Marchand")


@pytest.mark.parametrize("page", [{"locale": "en-GB"}], indirect=True)
def test_an_english_browser_is_spoken_to_in_english(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("The bench")
    page.get_by_role("link", name="Français").click()
    expect(page.locator("h1")).to_have_text("L'établi")


def test_the_end_of_the_demo_is_said_on_the_page(page: Page) -> None:
    with RunningDemo("--for", "1800") as another:
        page.goto(another.bench)
        expect(page.locator("#present")).not_to_have_text("–")
    expect(page.locator("#over")).to_contain_text("La démonstration est finie")
