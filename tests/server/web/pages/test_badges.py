"""Badges from hand to hand: unknown, attached, lost, lent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.site.badge_keys import SiteKeys
from server.site.settings import BadgeSettings, ServerSettings, SiteSettings
from server.store.people import badge_keys, badges, members
from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

STRANGE = "uid:04FFFFFFFFFFF1"


def tap_of(page: str) -> str:
    return page.split('href="/taps/')[1].split("/")[0]


def test_an_unknown_badge_is_attached_to_a_member_in_one_click(house: WebHouse, desk: Visitor) -> None:
    house.door()
    member = house.member("Aline")
    house.tap(STRANGE, reason="unknown_credential")
    page = desk.page("/")
    assert "Badge inconnu UID …FFFFF1 front, 09:14" in text_of(page)
    tap = tap_of(page)
    assert "Aline" in desk.page(f"/taps/{tap}/attach")
    assert "Aline" in desk.post(f"/taps/{tap}/attach", wanted="ALI", list="yes").text
    page = text_of(desk.does(f"/taps/{tap}/attach/{member}"))
    assert "UID …FFFFF1 est le badge de Aline. Annuler" in page
    assert badges.in_use(house.db, STRANGE).member == member  # type: ignore[union-attr]
    assert "Badge inconnu" not in desk.page("/")


def test_an_unknown_badge_is_attached_to_somebody_new(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.tap(STRANGE, reason="unknown_credential")
    tap = tap_of(desk.page("/"))
    refused = desk.post(f"/taps/{tap}/attach/new", name=" ")
    assert refused.status_code == 422
    assert 'id="name-fault"' in refused.text
    assert "Carole" in desk.does(f"/taps/{tap}/attach/new", name="Carole")
    assert len(badges.every(house.db)) == 1


def test_two_desks_cannot_attach_one_badge_to_two_members(house: WebHouse, desk: Visitor) -> None:
    house.door()
    first, second = house.member("Aline"), house.member("Paul")
    house.tap(STRANGE, reason="unknown_credential")
    tap = tap_of(desk.page("/"))
    desk.does(f"/taps/{tap}/attach/{first}")
    assert desk.post(f"/taps/{tap}/attach/{second}").status_code == 409


def test_a_lost_badge_opens_nothing_any_more_and_comes_back_when_found(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline", STRANGE)
    fields = {"credential": STRANGE, "as": "lost"}
    assert "n'ouvre plus rien" in text_of(desk.does(f"/members/{member}/badges/end", **fields))
    assert badges.in_use(house.db, STRANGE) is None
    desk.does(f"/members/{member}/badges", credential=STRANGE)
    assert badges.in_use(house.db, STRANGE) is not None


def test_a_badge_is_lent_for_the_day(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    page = desk.does(f"/members/{member}/badges", credential="UID:04ffffffffffF1", for_today="yes")
    assert "prêté jusqu" in page
    assert str(badges.in_use(house.db, STRANGE).last_day) == "2026-11-23"  # type: ignore[union-attr]


def test_a_number_that_is_no_badge_is_told_beside_its_field(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    answer = desk.post(f"/members/{member}/badges", credential="12345")
    assert answer.status_code == 422
    assert 'value="12345"' in answer.text
    assert 'id="credential-fault"' in answer.text


def test_a_telephone_is_refused_as_a_badge_in_words_that_say_so(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline")
    answer = desk.post(f"/members/{member}/badges", credential="uid:08A1B2C3")
    assert answer.status_code == 422
    assert "est un téléphone" in answer.text
    assert badges.every(house.db) == []


@pytest.fixture
def keyed_house(tmp_path: Path) -> Iterator[WebHouse]:
    """A place that takes no badge without keys."""
    settings = ServerSettings(site=SiteSettings(id="comptoir"), badges=BadgeSettings(allow_uid=False))
    house = WebHouse(tmp_path, settings)
    house.operator("Marie")
    yield house
    house.close()


def test_where_badges_must_have_keys_one_without_is_refused_beside_its_field(keyed_house: WebHouse) -> None:
    member = keyed_house.member("Aline")
    answer = keyed_house.desk().post(f"/members/{member}/badges", credential=STRANGE)
    assert answer.status_code == 422
    assert 'id="credential-fault"' in answer.text
    assert "ne donne que des badges à clé" in answer.text
    assert badges.every(keyed_house.db) == []


def test_where_badges_must_have_keys_members_who_hold_one_without_are_told_and_nobody_is_asked_whose_it_is(
    keyed_house: WebHouse,
) -> None:
    keyed_house.door()
    keyed_house.member("Aline", "uid:04A1B2C3D4E5F6")  # before it was so
    keyed_house.tap("uid:04A1B2C3D4E5F6", reason="unknown_credential")
    keyed_house.tap(STRANGE, reason="unknown_credential")
    page = text_of(keyed_house.desk().page("/parts/matters"))
    assert "Badge sans clé refusé Aline front, 09:14 il peut être copié" in page
    assert "À qui est-il" not in page


def test_a_badge_that_can_be_copied_says_so_wherever_it_is_shown(house: WebHouse, desk: Visitor) -> None:
    house.door()
    plain, keyed = house.member("Aline", "uid:04A1B2C3D4E5F6"), house.member("Oumar", "ntag424:04A1B2C3D4E5F7")
    assert "peut être copié" in desk.page(f"/members/{plain}")
    assert "peut être copié" not in desk.page(f"/members/{keyed}")
    assert "1 badge n'a pas de clé et peut être copié." in text_of(desk.page("/members/"))
    house.tap(STRANGE, reason="unknown_credential")
    tap = desk.page("/parts/matters").split("/taps/")[1].split("/")[0]
    assert "peut être copié" in desk.page(f"/taps/{tap}/attach")


def test_a_badge_that_holds_the_former_key_says_so(house: WebHouse, desk: Visitor) -> None:
    member = house.member("Aline", "ntag424:04A1B2C3D4E5F6")
    badge_keys.settle(house.db, 1)
    assert "anciennes clés" not in desk.page(f"/members/{member}")
    house.site_keys = SiteKeys({1: bytes(16), 2: bytes(range(16))})
    assert "anciennes clés" in desk.page(f"/members/{member}")


def test_a_tap_nobody_cares_for_is_put_away_and_brought_back(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.tap(STRANGE, reason="unknown_credential")
    key = desk.page("/").split('name="key" value="')[1].split('"')[0]
    page = desk.does("/matters/put-away", key=[key])
    assert "Badge inconnu" not in page
    change = page.split('name="change" value="')[1].split('"')[0]
    assert "Badge inconnu" in desk.does("/matters/bring-back", change=change)


def test_a_badge_with_keys_that_was_given_back_is_attached_with_them(house: WebHouse, desk: Visitor) -> None:
    """A door that does not know a badge names it by its number alone."""
    house.door()
    member = house.member("Aline")
    badge_keys.begin(house.db, "04A1B2C3D4E5F6", "ntag424", 1, now=house.now)
    badge_keys.finish(house.db, "04A1B2C3D4E5F6", now=house.now)
    house.tap("uid:04A1B2C3D4E5F6", reason="unknown_credential")
    tap = tap_of(desk.page("/"))
    assert "peut être copié" not in desk.page(f"/taps/{tap}/attach")
    assert "NTAG 424 …D4E5F6 est le badge de Aline" in text_of(desk.does(f"/taps/{tap}/attach/{member}"))
    assert badges.in_use(house.db, "ntag424:04A1B2C3D4E5F6") is not None
    assert "Badge inconnu" not in desk.page("/")


TELEPHONES = ("uid:08A1B2C3", "ntag424:08A1B2C3", "desfire:08A1B2C3")


@pytest.mark.parametrize(
    ("credential", "words"),
    [(STRANGE, "ne donne que des badges à clé"), *((each, "est un téléphone") for each in TELEPHONES)],
)
@pytest.mark.parametrize("way", ["typed", "attached", "attached to somebody new", "imported"])
def test_what_must_not_be_given_out_is_refused_in_plain_words_whichever_way(
    keyed_house: WebHouse, credential: str, words: str, way: str
) -> None:
    keyed_house.door()
    desk, member = keyed_house.desk(), keyed_house.member("Aline")
    keyed_house.tap(credential, reason="unknown_credential")
    if way == "typed":
        answer = desk.post(f"/members/{member}/badges", credential=credential)
    elif way == "attached":
        answer = desk.post(f"/taps/{newest_tap(keyed_house)}/attach/{member}")
    elif way == "imported":
        answer = desk.post("/members/import", text=f"nom;badge\nCarole;{credential}\n")
    else:
        answer = desk.post(f"/taps/{newest_tap(keyed_house)}/attach/new", name="Carole")
    assert answer.status_code in (409, 422)
    assert words in text_of(answer.text)
    assert badges.every(keyed_house.db) == []
    assert len(members.every(keyed_house.db)) == 1


def newest_tap(house: WebHouse) -> int:
    return int(house.db.value("SELECT max(id) FROM events WHERE kind = 'access'") or 0)
