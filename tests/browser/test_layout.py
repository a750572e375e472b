"""What is on the desk's pages can be read: figures whole, buttons with room around their words, all of it on paper."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from server.accounts import sales
from tests.browser import printed
from tests.browser.conftest import LAPTOP, Open
from tests.furnished import credential, furnish
from tests.web_house import MONDAY_MORNING, WebHouse

pytestmark = pytest.mark.browser

SIZES = ((320, 640), (360, 740), (820, 1180), (1280, 900), (1920, 1080))
PAGES = (
    *("/", "/members/", "/members/3", "/members/14", "/members/3/days/2026-11-20/", "/members/new", "/guests/new"),
    *("/presence/settle", "/muster/", "/changes/", "/set-aside", "/figures/?period=day", "/figures/?period=month"),
    *("/figures/?period=year", "/members/3/forget", "/password"),
    *("/units/", "/units/new", "/units/porte-avant", "/units/porte-avant/card", "/units/porte-avant/card/new"),
    *("/badges/", "/badges/wipe", "/badges/keys/", "/badges/sessions/new?kind=enrol&member=3"),
)

BROKEN_WORDS = """() => [...document.querySelectorAll("th, td")].flatMap(cell => {
  const words = [], walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());)
    for (const {0: word, index} of node.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) words.push(word);
    }
  return words;
})"""
"""Words in cells of a table that are on more than one line."""

CRUSHED_BUTTONS = """() => [...document.querySelectorAll("button, .button")].filter(button =>
  button.checkVisibility() && !button.matches(".tick, .link")).flatMap(button => {
  const box = button.getBoundingClientRect(), boxes = [];
  const walker = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    if (!node.data.trim() || node.parentElement.closest(".visually-hidden")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    boxes.push(...range.getClientRects());
  }
  const left = Math.min(...boxes.map(each => each.left)) - box.left;
  const right = box.right - Math.max(...boxes.map(each => each.right));
  const above = Math.min(...boxes.map(each => each.top)) - box.top;
  const below = box.bottom - Math.max(...boxes.map(each => each.bottom));
  const isCrushed = left < 8 || right < 8 || Math.abs(above - below) > 2;
  return isCrushed ? [`${button.textContent.trim()}: ${[left, right, above, below]}`] : [];
})"""
"""Buttons with less than 8 px beside their words, or words that are not in the middle of their height."""


def full_of_figures(house: WebHouse) -> None:
    """A month in which every open day sold something and somebody came; thousands in one of them."""
    members = furnish(house, 36)
    for day in range(1, 23):
        house.now = MONDAY_MORNING.replace(day=day)
        sales.sell(house.work("Marie"), members[day], "resident", paid_by="card")
        sales.sell(house.work("Marie"), members[day], "ticket-hour", paid_by="cash")
        house.tap(credential(2), unit="porte-avant")
        house.pass_time(hours=14)
    house.now = MONDAY_MORNING


@pytest.mark.parametrize(("locale", "sizes"), [("fr-FR", SIZES), ("en-GB", (SIZES[0], SIZES[3]))], ids=["fr", "en"])
def test_no_word_is_broken_in_a_cell_and_no_button_is_crushed_at_any_size(
    house: WebHouse, opened: Open, locale: str, sizes: tuple[tuple[int, int], ...]
) -> None:
    full_of_figures(house)
    page, found = opened("/help", locale=locale), {}
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            faults = page.evaluate(BROKEN_WORDS) + page.evaluate(CRUSHED_BUTTONS)
            faults += [] if page.evaluate("document.documentElement.scrollWidth <= innerWidth") else ["too wide"]
            if faults:
                found[path, width] = faults
    assert found == {}


def test_figures_are_written_as_people_write_them(house: WebHouse, opened: Open) -> None:
    full_of_figures(house)
    page = opened("/figures/?period=month")
    takings = page.get_by_role("region", name="Recettes")
    expect(takings.locator("tbody th").first).to_have_text("dim. 1 nov.")
    expect(takings.locator("tfoot")).to_contain_text("total")
    total = takings.locator("tfoot td").nth(1)
    assert total.inner_text().replace("\u202f", " ").replace("\xa0", " ") == "10 065,00 €"
    assert total.evaluate("cell => getComputedStyle(cell).textAlign") == "end"
    english = opened("/figures/?period=month", locale="en-GB").get_by_role("region", name="Takings")
    assert english.locator("tfoot td").nth(1).inner_text() == "€10,065.00"


def test_every_row_of_the_figures_is_on_paper(house: WebHouse, opened: Open) -> None:
    full_of_figures(house)
    page = opened("/figures/?period=month")
    paper = printed.words(page.pdf(format="A4"))
    for day in range(1, 24):
        assert paper.count(f" {day} nov.") >= 1, day
    assert paper.count("08:00") == paper.count("17:00") == 5
    assert paper.count("total") >= 5


def test_an_open_desk_says_that_its_line_is_down_and_that_it_is_back(house: WebHouse, opened: Open) -> None:
    house.door()
    page = opened()
    expect(page.get_by_text("● en ligne")).to_be_visible()
    house.now += timedelta(minutes=2)
    house.line.is_up = False
    house.feed.publish("line")
    expect(page.get_by_text("Liaison avec les portes coupée")).to_be_visible()
    expect(page.get_by_text("○ état d'il y a 2 min")).to_be_visible()
    house.line.is_up = True
    house.feed.publish("line")
    expect(page.get_by_text("Liaison avec les portes coupée")).to_be_hidden()
    expect(page.get_by_text("● en ligne")).to_be_visible()


def test_what_time_alone_brings_about_is_shown_though_nothing_rings(house: WebHouse, opened: Open) -> None:
    house.door()
    page = opened("/help")
    page.clock.install()
    page.goto("/")
    house.says("front", online=False)
    expect(page.get_by_text("muette depuis")).to_be_visible()
    house.now += timedelta(minutes=3)
    page.clock.fast_forward(31_000)
    expect(page.get_by_text("ne donne plus de nouvelles")).to_be_visible()


def test_a_desk_as_wide_as_a_laptop_needs_no_second_scale(opened: Open) -> None:
    """Small buttons are one size, whether they lead somewhere or do something."""
    page = opened("/figures/", viewport=LAPTOP)
    sizes = page.evaluate("[...document.querySelectorAll('.small')].map(each => getComputedStyle(each).fontSize)")
    assert set(sizes) == {"14px"}
