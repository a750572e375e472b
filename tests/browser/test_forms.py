"""Every form of the desk: what it says of a fault, what follows once it is mended, what the Enter key does in it."""

import ast
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

import server.web
from server.accounts import sales as till
from server.store.accounts import sales
from tests.browser.conftest import Open
from tests.web_house import MONDAY_MORNING, WebHouse

pytestmark = pytest.mark.browser

BADGE, OTHER, STRANGE = "ntag424:04A1B2C3D4E5F6", "ntag424:04A1B2C3D4E5F7", "uid:04FFFFFFFFFFF1"
DAY = "/members/1/days/2026-11-20/"

APART = {"login", "choose_password", "import_members", "forget", "ask_again", "make_key"}
"""Forms that lead to another page than the one before, or have nothing typed in them."""


class Case(NamedTuple):
    """A form, by the page it stands on and the end of the address it is sent to; `endpoint` is its view.

    `bad` is typed first, and has a fault beside `fault`; `good` mends it. A True or False is a box.
    """

    endpoint: str
    page: str
    action: str
    bad: Mapping[str, str | bool]
    good: Mapping[str, str | bool]
    fault: str
    button: str = "button:not([data-hold]):not([type=button])"


CASES = (
    Case(
        "sales.sell",
        "/members/1",
        "/sell",
        {"pass=nomade": True, "reduced": True, "reason": "", "on": "2026-12-24"},
        {"reason": "ménage du lundi"},
        "sale_reason",
        "button[value=transfer]",
    ),
    Case("sales.pay", "/members/1", "/pay", {"amount": "cinq"}, {"amount": "1,50"}, "amount", "button[value=card]"),
    Case("sales.give", "/members/1", "/give", {"size": "2", "reason": " "}, {"reason": "ménage"}, "gift_reason"),
    Case(
        "sales.prolong",
        "/members/2",
        "/prolong",
        {"last_day": "2027-03-01", "reason": " "},
        {"reason": "malade"},
        "lot-1",
    ),
    Case("sales.cancel", "/members/2", "/sales/1/cancel", {"reason": " "}, {"reason": "une erreur"}, "cancel-1"),
    Case("members.edit", "/members/1", "/edit", {"email": "@", "notes": "Ici"}, {"email": "a@exemple.fr"}, "email"),
    Case("members.suspend", "/members/3", "/suspend", {"reason": " "}, {"reason": "impayé"}, "reason"),
    Case(
        "badges.assign",
        "/members/3",
        "/badges",
        {"credential": "04", "for_today": True},
        {"credential": "uid:04A1B2C3D4E5F0"},
        "credential",
    ),
    Case("members.add", "/members/new", "/new", {"name": " ", "notes": "Ici"}, {"name": "Carole"}, "name"),
    Case(
        "badges.attach_to_somebody_new", "/taps/{tap}/attach", "/attach/new", {"name": " "}, {"name": "Denise"}, "name"
    ),
    Case("guests.arrive", "/guests/new", "/guests/new", {"name": "Eva", "ticket": True}, {"ticket": False}, "member"),
    Case(
        "days.correct_presence",
        DAY,
        "/presence",
        {"from_0": "10:00", "to_0": "09:00", "reason": "a oublié"},
        {"to_0": "11:00"},
        "presence",
    ),
    Case(
        "days.correct_charge",
        DAY,
        "/charge",
        {"owed": "trois", "reason": "geste"},
        {"owed": "1,50"},
        "charge",
    ),
    Case(
        "unit_cards.add",
        "/units/new",
        "/units/new",
        {"name": "Pas bon"},
        {"name": "sud"},
        "name",
    ),
    Case("days.left", "/", "2026-11-19/left", {"at": "08:00"}, {"to_0": "12:15"}, "presence"),
)


@pytest.fixture
def lived_in(house: WebHouse) -> WebHouse:
    """Somebody who owes and forgot to badge out, twice; somebody with tickets that expired; somebody in; a badge."""
    house.door()
    first = house.member("Aline", BADGE)
    second, _third = house.member("Paul", OTHER), house.member("Oumar")
    long_ago = (MONDAY_MORNING - timedelta(days=400)).date()
    till.sell(house.work("Marie"), second, "ticket-day", on=long_ago, paid_by="card")
    for days in (4, 3):
        house.now = MONDAY_MORNING - timedelta(days=days)
        house.tap(BADGE)
        house.pass_time(hours=12)
    house.now = MONDAY_MORNING
    house.tap(STRANGE, reason="unknown_credential")
    assert first == 1
    return house


@pytest.fixture
def window(lived_in: WebHouse, opened: Open) -> Iterator[Page]:
    yield opened("/help")


def form_of(page: Page, case: Case) -> Locator:
    address = case.page
    if "{tap}" in address:
        page.goto("/")
        address = page.locator("a[href^='/taps/']").first.get_attribute("href") or ""
    page.goto(address)
    return unfolded(page, case)


def unfolded(page: Page, case: Case) -> Locator:
    end = case.action if case.action.startswith("/") else f"/{case.action}"
    form = page.locator(f"form[action$='{end}']").or_(page.locator("main form:not([action])")).first
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    form.evaluate("form => { form.noValidate = true; }")
    return form


def type_in(form: Locator, values: Mapping[str, str | bool]) -> None:
    for name, value in values.items():
        name, _, chosen = name.partition("=")
        field = form.locator(f"[name='{name}']" + (f"[value='{chosen}']" if chosen else "")).first
        if isinstance(value, bool):
            field.set_checked(value)
        else:
            field.fill(value)


def kept(page: Page, values: Mapping[str, str | bool]) -> dict[str, str | bool]:
    """What the fields hold that are marked as faulty or stand in the same form, none of them folded away."""
    form = page.locator("form:has([aria-invalid]), form:has(.fault)").first
    found: dict[str, str | bool] = {}
    for name, value in values.items():
        field_name, _, chosen = name.partition("=")
        field = form.locator(f"[name='{field_name}']" + (f"[value='{chosen}']" if chosen else "")).first
        expect(field).to_be_visible()
        found[name] = field.is_checked() if isinstance(value, bool) else field.input_value()
    return found


def test_a_fault_keeps_what_was_typed_and_the_success_after_it_is_a_page(window: Page) -> None:
    """Over every form: the fault is beside its field, all that was typed is there and unfolded; the success lands on a
    page that answers whoever comes, and so does the address of the fault.
    """
    for case in CASES:
        try:
            fails_and_then_succeeds(window, case)
        except AssertionError as error:
            error.add_note(case.endpoint)
            raise


def fails_and_then_succeeds(window: Page, case: Case) -> None:
    form = form_of(window, case)
    type_in(form, case.bad)
    with window.expect_navigation() as shown:
        form.locator(case.button).first.click()
    assert shown.value.status == 422
    expect(window.locator(f"#{case.fault}-fault")).to_be_visible()
    if case.endpoint != "days.left":  # it is mended on the page of the day
        assert kept(window, case.bad) == case.bad
    fault_address = window.url
    mended = window.locator("form:has([aria-invalid]), form:has(.fault)").first
    mended.evaluate("form => { form.noValidate = true; }")
    type_in(mended, case.good)
    with window.expect_navigation() as done:
        mended.locator(case.button).first.click()
    assert (done.value.status, done.value.request.method) == (200, "GET")
    expect(window.locator(".flash.done")).to_be_visible()
    for answer in (window.reload(), window.goto(fault_address)):
        assert answer is not None and answer.status == 200


def test_every_form_that_can_have_a_fault_is_in_the_table() -> None:
    """Views that answer 422; `_faulty` and its like count for who calls them."""
    found = set()
    for path in sorted(Path(server.web.__path__[0]).rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list and _can_be_faulty(node):
                found.add((path.stem, node.name))
    told = {tuple(case.endpoint.split(".")) for case in CASES}
    assert {each for each in found if each[1] not in APART} == told


def _can_be_faulty(view: ast.FunctionDef) -> bool:
    constants = {node.value for node in ast.walk(view) if isinstance(node, ast.Constant)}
    names = {node.id for node in ast.walk(view) if isinstance(node, ast.Name)}
    return 422 in constants or "_faulty" in names


HELD = {"sell", "pay", "give", "prolong", "cancel", "presence", "charge", "left", "mode", "guests/new", "settle"}
"""Forms that book money, order a door, take a ticket or count people out, by the end of their address.

Enter does nothing in them.
"""

ENTER_PAGES = (
    "/",
    "/members/",
    "/members/1",
    "/members/2",
    "/members/new",
    "/guests/new",
    "/presence/settle",
    DAY,
    "/taps/{tap}/attach",
)


STAYS_SENT = "const later = setTimeout; setTimeout = (act, ms) => ms === 3000 ? 0 : later(act, ms)"
"""A slow machine presses for longer than a form waits until it can be sent again."""
NEXT_PICTURE = "new Promise(requestAnimationFrame)"


def test_enter_books_nothing_and_elsewhere_presses_the_only_button(window: Page, lived_in: WebHouse) -> None:
    """In every field of every form, what Enter does is named: nothing, said beside it, or what the one button says."""
    lived_in.tap(OTHER)  # somebody is in who may be counted out
    window.goto("/")
    tap = window.locator("a[href^='/taps/']").first.get_attribute("href") or ""
    sent: list[Request] = []
    held = set()

    def note(route: Route) -> None:
        if route.request.method == "POST" and not route.request.url.endswith("/search"):
            sent.append(route.request)
            route.fulfill(status=204)
        else:
            route.continue_()

    window.route("**/*", note)
    window.add_init_script(STAYS_SENT)
    for path in (each.replace("/taps/{tap}/attach", tap) for each in ENTER_PAGES):
        window.goto(path)
        window.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        window.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true; })")
        for form in window.locator("main form").all():
            action = form.evaluate("form => form.action")
            fields = form.locator("input:not([type=hidden])").all()
            for field in fields:
                sent.clear()
                form.evaluate("form => { delete form.dataset.sent; }")
                field.focus()
                press_again_and_again(window)
                if form.locator("[data-hold]").count():
                    held.add(next(end for end in HELD if action.endswith(end)))
                    assert sent == [], action
                    assert not form.locator("button:focus").count(), action
                    expect(form.locator("[data-enter]")).to_be_visible()
                else:
                    assert form.locator("button:not([type=button])").count() <= 1, action
                    window.evaluate(NEXT_PICTURE)  # its request is not the next field's
                    assert len(sent) <= 1, action
    assert held == HELD


def press_again_and_again(page: Page) -> None:
    """The Enter key, twice and then held; the browser counts a key that goes down again before it is up as held."""
    for _ in range(2):
        page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")


def test_enter_sells_nothing_however_long_it_is_pressed(window: Page, lived_in: WebHouse) -> None:
    window.goto("/members/1")
    window.get_by_label("Voyageur, carnet de journées").check()
    press_again_and_again(window)
    expect(window.locator("#sale-enter")).to_have_text("La touche Entrée n'enregistre rien : choisissez le règlement.")
    assert sales.of_member(lived_in.db, 1) == []


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_button_is_reached_by_tab_and_pressed_by_a_new_stroke_alone(window: Page, key: str) -> None:
    """A key that is held since the field does not press it."""
    window.goto("/members/1")
    window.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    form = window.locator("form[action$='/give']")
    form.locator("[name=size]").fill("2")
    form.locator("[name=reason]").fill("ménage")
    window.keyboard.down("Enter")
    for _ in range(10):
        window.keyboard.press("Tab")
        if form.locator("button:focus").count():
            break
    before = window.url
    form.evaluate("form => form.addEventListener('submit', () => { form.dataset.heard = 'yes'; })")
    for _ in range(3):
        window.keyboard.down("Enter")
    window.keyboard.up("Enter")
    expect(form).not_to_have_attribute("data-heard", "yes")
    assert window.url == before
    with window.expect_navigation():
        window.keyboard.press(key)
    expect(window.locator(".flash.done")).to_be_visible()


def test_the_reduced_price_is_shown_where_it_is_ticked(window: Page) -> None:
    window.goto("/members/1")
    nomade = window.locator(".pass", has_text="Nomade")
    expect(nomade.locator(".reduced")).to_be_hidden()
    window.get_by_text("Tarif réduit, autre date…").click()
    window.get_by_label("tarif réduit (services rendus)").check()
    expect(nomade.locator(".reduced")).to_have_text("90 €")
    expect(window.get_by_label("Voyageur, carnet de journées")).to_be_disabled()
    expect(window.locator("#sale-reason")).to_have_attribute("required", "")


def test_an_empty_form_erases_no_day(window: Page, lived_in: WebHouse) -> None:
    """What the doors said stands in the form; to say that somebody never came, one says so."""
    window.goto(DAY)
    expect(window.get_by_label("de", exact=True).first).to_have_value("09:14")
    expect(window.get_by_label("à", exact=True).first).to_have_value("18:00")
    for field in ("de", "à"):
        window.get_by_label(field, exact=True).first.fill("")
    window.get_by_role("button", name="a oublié de badger").click()
    expect(window.get_by_label("Pourquoi").first).to_have_value("a oublié de badger")
    window.get_by_role("button", name="Corriger la présence").click()
    expect(window.get_by_text("ou cochez « pas venu·e »")).to_be_visible()
    expect(window.get_by_label("Pourquoi").first).to_have_value("a oublié de badger")
    window.get_by_label("pas venu·e ce jour-là").check()
    window.get_by_role("button", name="Corriger la présence").click()
    expect(window.get_by_text("Journée corrigée : Aline, ven. 20.")).to_be_visible()


def test_yesterdays_check_outs_are_verified_one_by_one_at_the_desk(window: Page, lived_in: WebHouse) -> None:
    window.goto("/")
    window.get_by_text("2 sorties automatiques à vérifier").click()
    friday = window.locator(".exits li", has_text="ven. 20")
    friday.get_by_label("est parti·e à").fill("12:15")
    friday.get_by_role("button", name="Corriger").click()
    expect(window.get_by_text("1 sortie automatique à vérifier")).to_be_visible()
    window.get_by_role("button", name="Annuler").click()
    expect(window.get_by_text("2 sorties automatiques à vérifier")).to_be_visible()
    window.get_by_text("2 sorties automatiques à vérifier").click()
    window.locator(".exits a").first.click()
    expect(window.get_by_role("heading", name="vendredi 20 novembre 2026")).to_be_visible()
    window.get_by_role("button", name="C'est juste").click()
    expect(window.get_by_role("heading", name="jeudi 19 novembre 2026")).to_be_visible()
    window.get_by_role("button", name="C'est juste").click()
    expect(window.get_by_text("Sorties automatiques à vérifier")).to_be_hidden()


def test_two_desks_that_sell_to_one_person_hear_of_each_other(lived_in: WebHouse, opened: Open) -> None:
    """The page follows; who sells all the same is asked first, and nothing is booked before they say so."""
    lived_in.operator("Camille")
    page = opened("/members/3")
    page.get_by_label("Voyageur, carnet de journées").check()
    lived_in.desk("Camille").does("/members/3/sell", **{"pass": "carnet-day", "paid_by": "cash"})
    expect(page.get_by_text("11 journées")).to_be_visible()
    lived_in.now += timedelta(seconds=20)
    expect(page.get_by_label("Voyageur, carnet de journées")).to_be_checked()
    page.locator(".sell").get_by_role("button", name="carte").click()
    expect(page.get_by_text("Camille a vendu « Voyageur, carnet de journées » à Oumar il y a 20 s.")).to_be_visible()
    assert len(sales.of_member(lived_in.db, 3)) == 1
    expect(page.get_by_label("Voyageur, carnet de journées")).to_be_checked()
    page.locator(".sell").get_by_role("button", name="carte").click()
    expect(page.get_by_text("✓ Vendu")).to_be_visible()
    assert len(sales.of_member(lived_in.db, 3)) == 2
