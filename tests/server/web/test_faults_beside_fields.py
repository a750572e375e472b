"""Each refusal that is about a field is shown beside that field, on the page that the form was sent from."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import NamedTuple

import pytest

from server.i18n.refusals import AT_THE_DESK, REFUSALS
from server.store.accounts import lots
from server.store.people import members
from server.web.pages.person import version_of
from tests.refusals import raised
from tests.web_house import Visitor, WebHouse

BADGE, OTHER, STRANGE = "ntag424:04A1B2C3D4E5F6", "ntag424:04A1B2C3D4E5F7", "uid:04FFFFFFFFFFF1"
ALINE, CAROLE = 1, 2


class Fault(NamedTuple):
    """What a page says is wrong: its text, the controls of its form, and those that it describes."""

    text: str
    form: frozenset[str]
    described: frozenset[str]


class Page(HTMLParser):
    """The faults beside fields of a page, and the texts of its notices."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.notices: list[str] = []
        self._texts: dict[str, str] = {}
        self._form_of: dict[str, int] = {}
        self._controls: list[tuple[int, str, str]] = []
        self._form = 0
        self._open: str | None = None
        self._in_notice = False
        self.feed(html)

    def faults(self) -> list[Fault]:
        return [
            Fault(
                text,
                frozenset(name for form, name, _ in self._controls if form == self._form_of[id]),
                frozenset(name for _, name, described in self._controls if described == id),
            )
            for id, text in self._texts.items()
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form += 1
        if "name" in given and tag in ("input", "select", "textarea", "button"):
            self._controls.append((self._form, given["name"], given.get("aria-describedby", "")))
        if given.get("class") == "fault":
            self._open = given["id"]
            self._form_of[self._open], self._texts[self._open] = self._form, ""
        if given.get("class") == "notice alert":
            self.notices.append("")
            self._in_notice = True

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._texts[self._open] += data
        elif self._in_notice:
            self.notices[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._open = None
        self._in_notice = self._in_notice and tag != "div"


class Case(NamedTuple):
    """A form with a fault in it: what it is refused for, beside which field; where it is sent to, what is typed."""

    code: str
    field: str
    address: str
    typed: Mapping[str, str | int]


SALE = {"pass": "carnet-day", "paid_by": "card"}
PERSON = {"name": "Denise", "email": "", "role": "member", "notes": ""}
DOOR = {"name": "back", "kind": "door", "readers": "both", "profile": "pi4"}
GOLDEN: dict[str, str | int] = {"ticket": "golden", "member": CAROLE}
DAY = f"/members/{ALINE}/days/2026-11-20"
PROLONG = f"/members/{CAROLE}/lots/{{lot}}/prolong"

CASES = [
    Case("name_empty", "name", "/members/new", PERSON | {"name": " "}),
    Case("name_empty", "name", "/members/1/edit", PERSON | {"name": "", "seen": "{seen}"}),
    Case("name_empty", "name", "/taps/{tap}/attach/new", {"name": ""}),
    Case("name_empty", "name", "/guests/new", {"name": " "}),
    Case("name_too_long", "name", "/members/new", PERSON | {"name": "a" * 201}),
    Case("name_with_control_characters", "name", "/members/new", PERSON | {"name": "Den\tise"}),
    Case("not_an_email_address", "email", "/members/new", PERSON | {"email": "denise"}),
    Case("not_an_email_address", "email", "/members/1/edit", PERSON | {"email": "denise", "seen": "{seen}"}),
    Case("suspension_without_reason", "reason", "/members/1/suspend", {"reason": " "}),
    Case("not_a_badge", "credential", "/members/1/badges", {"credential": "04"}),
    Case("badge_is_telephone", "credential", "/members/1/badges", {"credential": "uid:08A1B2C3"}),
    Case("badge_held_already", "credential", "/members/1/badges", {"credential": OTHER}),
    Case("no_pass_chosen", "pass", "/members/1/sell", SALE | {"pass": ""}),
    Case("pass_not_sold", "pass", "/members/1/sell", SALE | {"pass": "x"}),
    Case("pass_not_sold_but_one_like_it", "pass", "/members/1/sell", SALE | {"pass": "nomad"}),
    Case("not_a_date", "on", "/members/1/sell", SALE | {"on": "tomorrow"}),
    Case("sale_too_far_ahead", "on", "/members/1/sell", SALE | {"on": "2031-01-01"}),
    Case("sale_before_the_place", "on", "/members/1/sell", SALE | {"on": "1999-01-01"}),
    Case("no_reduced_price", "reduced", "/members/1/sell", SALE | {"reduced": "yes", "reason": "cleaning"}),
    Case("reduced_without_reason", "reason", "/members/1/sell", SALE | {"pass": "nomade", "reduced": "yes"}),
    Case("reason_without_reduced", "reduced", "/members/1/sell", SALE | {"reason": "cleaning"}),
    Case("means_not_said", "paid_by", "/members/1/sell", SALE | {"paid_by": ""}),
    Case("means_not_said", "paid_by", "/members/1/pay", {"amount": "1"}),
    Case("not_an_amount", "amount", "/members/1/pay", {"amount": "one", "paid_by": "card"}),
    Case("amount_out_of_range", "amount", "/members/1/pay", {"amount": "99", "paid_by": "card"}),
    Case("owed_changed", "amount", "/members/1/pay", {"owed": "1", "paid_by": "card"}),
    Case("sale_taken_back_without_reason", "reason", "/sales/1/cancel", {"reason": " "}),
    Case("gift_without_reason", "reason", "/members/1/give", {"size": "1", "kind": "hour", "reason": " "}),
    Case("gift_size_out_of_range", "size", "/members/1/give", {"size": "0", "kind": "hour", "reason": "cleaning"}),
    Case("prolongation_without_reason", "reason", PROLONG, {"last_day": "2027-03-01", "reason": " "}),
    Case("prolongation_without_last_day", "last_day", PROLONG, {"reason": "ill"}),
    Case("lot_valid_already", "last_day", PROLONG, {"last_day": "2025-06-01", "reason": "ill"}),
    Case("prolonged_too_far", "last_day", PROLONG, {"last_day": "2099-01-01", "reason": "ill"}),
    Case("correction_without_reason", "reason", f"{DAY}/presence", {"from_0": "09:00", "to_0": "10:00"}),
    Case("correction_without_reason", "reason", f"{DAY}/charge", {"free": "yes"}),
    Case("guest_inside_already", "name", "/guests/new", {"name": "Hugo"}),
    Case("golden_without_host", "member", "/guests/new", {"name": "Inès", "ticket": "golden", "wanted": "aline"}),
    Case("golden_host_has_none_left", "member", "/guests/new", GOLDEN | {"name": "Inès", "member": ALINE}),
    Case("golden_guest_is_holder", "name", "/guests/new", GOLDEN | {"name": "Martin Carole"}),
    Case("golden_guest_is_like_holder", "name", "/guests/new", GOLDEN | {"name": "C. Martin"}),
    Case("golden_guest_was_invited", "name", "/guests/new", GOLDEN | {"name": "beatrice roanne"}),
    Case("name_not_allowed", "name", "/units/new", DOOR | {"name": "Porte d'entrée"}),
    Case("unit_exists", "name", "/units/new", DOOR | {"name": "front"}),
    Case("room_for_room_units_alone", "room", "/units/new", DOOR | {"kind": "room"}),
    Case("not_a_network", "wifi", "/units/new", DOOR | {"wifi": "n" * 33, "wifi_password": "long enough"}),
    Case("not_a_network_password", "wifi_password", "/units/new", DOOR | {"wifi": "us", "wifi_password": "short"}),
    Case("not_a_network_password", "wifi_password", "/units/front/card/new", {"wifi": "us"}),
    Case("golden_guest_is_like_invited", "name", "/guests/new", GOLDEN | {"name": "Roanne B."}),
]

GONE = {"nothing_owed": "the form is there where something is owed"}
"""Refusals whose form is not on the page any more."""
ELSEWHERE = {("badge_can_be_copied", "credential")}
"""Tried where a place has other settings: `pages/test_badges.py`."""


class Desk(NamedTuple):
    """A place where each form can be refused, somebody at its desk, and what an address may name."""

    visitor: Visitor
    names: Mapping[str, str]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    house = WebHouse(tmp_path_factory.mktemp("office"))
    house.operator("Marie")
    house.door()
    aline, carole = house.member("Aline", BADGE), house.member("Carole Martin", OTHER)
    assert (aline, carole) == (ALINE, CAROLE)
    house.tap(STRANGE, reason="unknown_credential")
    house.tap(BADGE)
    house.pass_time(hours=3)
    house.tap(BADGE, side="exit", reason="exit")
    desk = house.desk("Marie", "en")
    desk.does(f"/members/{carole}/sell", **{"pass": "ticket-day", "paid_by": "cash", "on": "2025-01-01"})
    desk.does(f"/members/{carole}/sell", **{"pass": "carnet-day", "paid_by": "cash"})
    desk.does("/guests/new", name="Béatrice Roanne", ticket="golden", member=carole, next="/")
    desk.does("/guests/new", name="Hugo", next="/")
    tap = re.search(r"/taps/(\d+)/attach", desk.page("/"))
    assert tap is not None
    lot = min(each.id for each in lots.of_member(house.db, carole))
    seen = version_of(members.find(house.db, aline))
    yield Desk(desk, {"{tap}": tap[1], "{lot}": str(lot), "{seen}": seen})
    house.close()


def filled(text: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(name, value)
    return text


def says(code: str) -> re.Pattern[str]:
    """What the desk says of it in English, whatever its facts are."""
    parts = re.split(r"\{[^}]*\}", AT_THE_DESK.get(code, REFUSALS[code]))
    return re.compile(".+".join(map(re.escape, parts)) + r"\.?", re.IGNORECASE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.address}")
def test_a_fault_stands_beside_the_field_that_it_is_about(office: Desk, case: Case) -> None:
    typed = {name: filled(str(value), office.names) for name, value in case.typed.items()}
    answer = office.visitor.post(filled(case.address, office.names), **typed)
    assert answer.status_code == 422
    (fault,) = Page(answer.text).faults()
    assert says(case.code).fullmatch(fault.text)
    assert case.field in fault.form
    assert fault.described <= {case.field}


def test_each_field_that_a_refusal_names_is_tried() -> None:
    named = {(each.code, each.field) for each in raised() if each.field is not None}
    gone = {(code, "amount") for code in GONE}
    assert named - {(case.code, case.field) for case in CASES} == gone | ELSEWHERE


@pytest.mark.parametrize(
    ("code", "address", "typed"),
    [
        ("nothing_owed", f"/members/{CAROLE}/pay", {"paid_by": "cash"}),
        ("sale_taken_back_already", "/sales/1/cancel", {"reason": "again"}),
        ("suspended_already", f"/members/{ALINE}/suspend", {"reason": "again"}),
    ],
)
def test_where_the_form_is_gone_the_fault_stands_above(
    house: WebHouse, code: str, address: str, typed: Mapping[str, str]
) -> None:
    house.operator("Marie")
    members.suspend(house.db, house.member("Aline"), "lost keys", now=house.now)
    carole = house.member("Carole Martin")
    desk = house.desk("Marie", "en")
    desk.does(f"/members/{carole}/sell", **{"pass": "ticket-day", "paid_by": "cash"})
    desk.does("/sales/1/cancel", reason="a mistake")
    answer = desk.post(address, **typed)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.faults() == []
    assert says(code).fullmatch(page.notices[0].strip())
