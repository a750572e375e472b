"""A badge's whole way at the desk, from blank to blank: a real browser, server, broker with TLS, a desk and a door."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from device.contract.keys import MIRROR_SLOT
from device.core.badge.address import FILE, ndef_of
from device.simulation.cards import FACTORY_KEYS, Ntag424
from server.store.people import operators
from tests.browser.conftest import PHONE, Windows
from tests.contract_client import now
from tests.network_place import PUBLIC_URL, Badge, NetworkPlace, Tapped, desfire, ntag424
from tests.web_house import PASSWORD, PASSWORD_HASH

pytestmark = pytest.mark.browser


@pytest.fixture
def place(tmp_path: Path) -> Iterator[NetworkPlace]:
    with NetworkPlace(tmp_path) as place:
        with place.db() as db:
            operators.add(db, "Marie", PASSWORD_HASH, role="admin", must_change=False, now=now())
        place.start()
        yield place


@pytest.fixture
def windows(browser: Browser, place: NetworkPlace) -> Iterator[Windows]:
    windows = Windows(browser, place.web_port)
    yield windows
    windows.close()
    assert windows.faults == []


class Marie:
    """At the desk: one window to work in, one that shows the desk, one for the rotation; the latter two stay open."""

    def __init__(self, place: NetworkPlace, windows: Windows) -> None:
        self.place = place
        self.page = windows.open("/login")
        self.page.get_by_label("Nom").fill("Marie")
        self.page.get_by_label("Mot de passe").fill(PASSWORD)
        self.press("Entrer")
        expect(self.page.get_by_role("heading", name="Derniers badges")).to_be_visible()
        cookie = next(each["value"] for each in self.page.context.cookies() if each["name"] == "poincon")
        self.desk = windows.open("/", cookie=cookie)
        self.rotation = windows.open("/badges/keys/", cookie=cookie, viewport=PHONE)
        for page in (self.desk, self.rotation):
            page.evaluate("window.isTheSame = true")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).click()

    def reads(self, text: str, page: Page | None = None) -> None:
        expect((page or self.page).get_by_text(text).first).to_be_visible()

    def holds(self, badge: Badge, awaited: str, done: str) -> None:
        """Holds the badge to the desk's reader once the page asks for it, and takes it back when the page says so."""
        self.reads(awaited)
        with badge.held_to(self.place.desk.udp):
            self.reads(done)

    def goes_to(self, name: str) -> None:
        """To the page of a member."""
        self.follow("Membres")
        self.page.get_by_role("link", name=name).first.click()
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()

    def gives(self, badge: Badge, name: str) -> None:
        self.goes_to(name)
        self.press("Donner un badge")
        self.holds(badge, "Posez un badge vierge sur le lecteur", f"C'est fait : ce badge est à {name}.")
        expect(self.page.locator(".way .done")).to_have_count(3)
        self.follow("Retour à sa page")
        self.reads(badge.credential)

    def gives_new_keys(self, badge: Badge, name: str) -> None:
        self.follow("Badges")
        self.press("Nouvelles clés")
        self.holds(badge, "Posez le badge sur le lecteur", "C'est fait : le badge a ses nouvelles clés.")
        self.reads(f"Il reste à {name}.")

    def sees_at_the_door(self, who: str, words: str) -> None:
        """The desk's page says it by itself, on top of the latest badges."""
        expect(self.desk.locator(".taps li").first).to_contain_text(who)
        expect(self.desk.locator(".taps li").first).to_contain_text(words)

    def never_loaded_again(self) -> bool:
        return all(bool(page.evaluate("window.isTheSame === true")) for page in (self.desk, self.rotation))


def shown_to_telephones(badge: Badge) -> bytes:
    """The content of its file with the address, what is mirrored there still as noughts."""
    assert isinstance(badge.card, Ntag424)
    return bytes(badge.card.files[FILE].content)


def test_from_blank_to_blank_at_the_desk(place: NetworkPlace, windows: Windows) -> None:
    marie, anne, bruno = Marie(place, windows), ntag424(), desfire()
    a_blank_badge_is_refused(marie, anne)
    it_is_enrolled_although_it_was_pulled_away(marie, anne)
    marie.gives(bruno, "Bruno")
    they_are_let_in(marie, {"Anne": (anne, 1), "Bruno": (bruno, 1)})
    new_keys_are_begun(marie)
    they_are_let_in(marie, {"Anne": (anne, 1), "Bruno": (bruno, 1)})
    one_is_moved_on(marie, anne, left=bruno)
    they_are_let_in(marie, {"Anne": (anne, 2), "Bruno": (bruno, 1)})
    the_last_one_is_moved_on_and_the_former_keys_are_over(marie, bruno)
    they_are_let_in(marie, {"Anne": (anne, 2), "Bruno": (bruno, 2)})
    what_was_overheard_is_worth_nothing_after_new_keys(marie, anne)
    they_are_let_in(marie, {"Anne": (anne, 2)})
    it_is_lost_and_refused(marie, anne)
    it_is_found_and_made_blank(marie, anne)
    a_blank_badge_is_refused(marie, anne)
    they_are_let_in(marie, {"Bruno": (bruno, 2)})
    place.command("verify")


def a_blank_badge_is_refused(marie: Marie, badge: Badge) -> None:
    assert list(badge.card.keys) == list(FACTORY_KEYS)
    assert not any(shown_to_telephones(badge))
    marie.place.wait_for_door(badge)
    assert marie.place.tap(badge) == Tapped("denied", "unknown_credential")
    marie.sees_at_the_door(badge.identity[-6:], "badge inconnu")


def it_is_enrolled_although_it_was_pulled_away(marie: Marie, badge: Badge) -> None:
    """The page says that it left while its keys were written, and goes on when it is held again."""
    marie.goes_to("Anne")
    marie.press("Donner un badge")
    marie.reads("Posez un badge vierge sur le lecteur")
    badge.leave_at(18)
    with badge.held_to(marie.place.desk.udp):
        marie.reads("Le badge a été retiré trop tôt.")
    known = marie.place.known(badge)
    assert known is not None
    assert (known.key_version, known.next_version) == (None, 1)
    marie.holds(badge, "Remettez le même badge", "C'est fait : ce badge est à Anne.")
    assert shown_to_telephones(badge).startswith(ndef_of(PUBLIC_URL))


def they_are_let_in(marie: Marie, badges: dict[str, tuple[Badge, int]]) -> None:
    """By name: each badge, and the version of the keys that it proves."""
    for name, (badge, version) in badges.items():
        marie.place.wait_for_door(badge, key_version=version)
        assert marie.place.tap(badge) == Tapped("granted", "granted", version)
        marie.sees_at_the_door(name, "bienvenue")


def new_keys_are_begun(marie: Marie) -> None:
    marie.follow("Badges")
    marie.follow("Nouvelles clés pour tous…")
    marie.press("Commencer")
    marie.reads("Il en reste 2 avec les anciennes")
    marie.reads("Il en reste 2 avec les anciennes", marie.rotation)
    assert marie.place.key_versions == [1, 2]


def one_is_moved_on(marie: Marie, badge: Badge, left: Badge) -> None:
    marie.gives_new_keys(badge, "Anne")
    marie.reads("Il reste 1 badge avec les anciennes clés.")
    marie.reads("Il en reste 1 avec les anciennes", marie.rotation)
    expect(marie.rotation.locator(".badges")).to_have_text(f"Bruno {left.credential}")


def the_last_one_is_moved_on_and_the_former_keys_are_over(marie: Marie, badge: Badge) -> None:
    """It is finished on the page that was open from before the rotation."""
    marie.gives_new_keys(badge, "Bruno")
    marie.reads("Plus aucun badge n'a les anciennes clés.")
    marie.reads("Plus aucun n'a les anciennes.", marie.rotation)
    assert marie.never_loaded_again()
    marie.rotation.get_by_role("button", name="Terminer", exact=True).click()
    marie.reads("La version 2 des clés des badges est en service.", marie.rotation)
    assert marie.place.key_versions == [2]


def what_was_overheard_is_worth_nothing_after_new_keys(marie: Marie, badge: Badge) -> None:
    before, mirror = marie.place.known(badge), badge.card.keys[MIRROR_SLOT]
    marie.gives_new_keys(badge, "Anne")
    after = marie.place.known(badge)
    assert before is not None
    assert after is not None
    assert (after.key_version, after.next_version) == (2, None)
    assert after.enrolment != before.enrolment
    assert badge.card.keys[MIRROR_SLOT] != mirror


def it_is_lost_and_refused(marie: Marie, badge: Badge) -> None:
    marie.goes_to("Anne")
    marie.press("Perdu")
    marie.reads("n'ouvre plus rien.")
    marie.place.wait_for_door(badge, standing="revoked")
    assert marie.place.tap(badge)[:2] == ("denied", "revoked")
    marie.sees_at_the_door("Anne", "badge perdu ou révoqué")


def it_is_found_and_made_blank(marie: Marie, badge: Badge) -> None:
    marie.follow("Badges")
    marie.follow("Rendre vierge…")
    marie.press("Le rendre vierge")
    marie.holds(badge, "Posez le badge à rendre vierge sur le lecteur", "C'est fait : le badge est vierge.")
    wiped = marie.place.known(badge)
    assert wiped is not None
    assert wiped.is_blank
    marie.follow("Badges")
    marie.press("Lire un badge")
    marie.holds(badge, "Posez le badge sur le lecteur", "Ce badge est vierge.")
