"""A badge held to the desk's reader, as the pages tell it; without scripts, and nothing of it done twice."""

import re
from collections.abc import Callable

import pytest

from device.simulation.cards import Blank, Desfire, Ntag424
from server.i18n import card_labels
from server.i18n.refusals import REFUSALS
from server.store.people import badges
from tests.enrolling_place import OTHER_UID, UID, blank, drawn, shown
from tests.lent_desk import LentDesk
from tests.patience import wait_until
from tests.played_desk import Shown
from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

BADGE = "ntag424:04A1B2C3D4E5F6"
CLASSIC = Shown(bytes.fromhex("04A1B2C3"), Blank(), 0x08, b"")
TELEPHONE = Shown(bytes.fromhex("08A1B2C3"), Blank())
SESSION = re.compile(r"/badges/sessions/([0-9a-f]{16})/live")
FORM = re.compile(r'name="form_id" value="([^"]+)"')


@pytest.fixture
def reader(house: WebHouse) -> LentDesk:
    """The one that the place has."""
    return LentDesk(house)


def begun(desk: Visitor, kind: str, **fields: object) -> str:
    """The session that a button began."""
    return session_of(desk.does("/badges/sessions/", kind=kind, **fields))


def session_of(page: str) -> str:
    found = SESSION.search(page)
    assert found is not None, text_of(page)
    return found[1]


def page_of(desk: Visitor, session: str) -> str:
    return text_of(desk.page(f"/badges/sessions/{session}"))


def seen(desk: Visitor, session: str, words: str) -> str:
    """The text of the session's page, once it has these words."""

    def told() -> str:
        page = page_of(desk, session)
        return page if words in page else ""

    return wait_until(told, why=lambda: page_of(desk, session))


def test_a_blank_badge_is_given_to_a_member(house: WebHouse, desk: Visitor, reader: LentDesk) -> None:
    anne = house.member("Anne")
    assert "Donner un badge" in desk.page(f"/members/{anne}")
    session = begun(desk, "enrol", member=anne)
    page = page_of(desk, session)
    assert "Donner un badge à Anne" in page
    assert "Posez un badge vierge sur le lecteur « comptoir »." in page
    reader.hold(shown(blank("ntag424")))
    page = seen(desk, session, "C'est fait : ce badge est à Anne.")
    assert f"Badge {BADGE} NTAG 424 DNA" in page
    assert "Retour à sa page" in page
    held = badges.in_use(house.db, BADGE)
    assert held is not None and held.member == anne
    assert "badge enregistré" in text_of(desk.page("/changes/"))


def test_without_scripts_the_page_loads_itself_again_until_it_is_over(
    house: WebHouse, desk: Visitor, reader: LentDesk
) -> None:
    session = begun(desk, "enrol", member=house.member("Anne"))
    again = '<noscript><meta http-equiv="refresh" content="2"></noscript>'
    assert again in desk.page(f"/badges/sessions/{session}")
    reader.hold(shown(blank("ntag424")))
    seen(desk, session, "C'est fait :")
    assert again not in desk.page(f"/badges/sessions/{session}")


def test_pulled_away_it_is_asked_for_again_and_another_badge_is_told(
    house: WebHouse, desk: Visitor, reader: LentDesk
) -> None:
    session = begun(desk, "enrol", member=house.member("Anne"))
    card = blank("ntag424")
    reader.tear_at(10)
    reader.hold(shown(card))
    seen(desk, session, "Le badge a été retiré trop tôt. Remettez le même badge, …D4E5F6 : il sera terminé.")
    reader.hold(shown(blank("ntag424", OTHER_UID), OTHER_UID))
    told = "Un autre badge est posé : …FFFFFF. Rien n'y a été écrit. Retirez-le, et remettez le premier, …D4E5F6."
    seen(desk, session, told)
    reader.take_away()
    reader.hold(shown(card))
    seen(desk, session, "C'est fait :")
    assert badges.holding(house.db, OTHER_UID.hex().upper()) is None


def test_given_up_half_done_it_is_finished_when_one_begins_again(
    house: WebHouse, desk: Visitor, reader: LentDesk
) -> None:
    anne, card = house.member("Anne"), blank("ntag424")
    session = begun(desk, "enrol", member=anne)
    reader.tear_at(10)
    reader.hold(shown(card))
    seen(desk, session, "retiré trop tôt")
    desk.does(f"/badges/sessions/{session}/cancel")
    page = seen(desk, session, "Le badge …D4E5F6 est inachevé : recommencez avec lui, il sera terminé.")
    assert "Recommencer" in page
    again = begun(desk, "enrol", member=anne)
    reader.hold(shown(card))
    seen(desk, again, "C'est fait :")


def test_what_is_given_up_before_a_badge_came_changed_nothing(house: WebHouse, desk: Visitor, reader: LentDesk) -> None:
    session = begun(desk, "enrol", member=house.member("Anne"))
    desk.does(f"/badges/sessions/{session}/cancel")
    assert "Recommencer" in seen(desk, session, "Annulé. Rien n'a été écrit sur un badge.")
    assert "Annuler" not in page_of(desk, session)
    desk.does(f"/badges/sessions/{session}/cancel")


def foreign() -> Shown:
    card = Ntag424.blank(UID, drawn("foreign"))
    card.key_set.keys[:] = [bytes([nth]) * 16 for nth in range(1, 6)]
    return shown(card)


def full() -> Shown:
    card = Desfire.blank(UID, drawn("full"))
    card.memory = 10
    return shown(card)


FAULTS: list[tuple[str, Callable[[], Shown], str, str]] = [
    ("badge_of_strangers", foreign, "appartient à quelqu'un d'autre", "À rendre à son propriétaire"),
    (
        "badge_not_original",
        lambda: shown(Ntag424(UID, [bytes(16)] * 5, drawn("copy"))),
        "est une copie",
        "Mettez cette carte de côté",
    ),
    (
        "badge_is_telephone",
        lambda: Shown(bytes.fromhex("08A1B2C3"), Blank()),
        "est un téléphone",
        "Prenez un badge vierge",
    ),
    ("card_full", full, "est pleine", "Prenez un badge vierge"),
]


@pytest.mark.parametrize(("code", "card", "what", "do"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_what_cannot_be_given_is_told_with_what_to_do(
    house: WebHouse, desk: Visitor, reader: LentDesk, code: str, card: Callable[[], Shown], what: str, do: str
) -> None:
    session = begun(desk, "enrol", member=house.member("Anne"))
    reader.hold(card())
    page = seen(desk, session, what)
    assert do in page
    assert "Recommencer" in page
    assert code in REFUSALS


def test_advice_is_given_on_refusals_that_there_are() -> None:
    assert REFUSALS.keys() >= card_labels.ADVICE.keys()


def test_a_badge_that_is_somebodys_names_them_and_leads_to_them(
    house: WebHouse, desk: Visitor, reader: LentDesk
) -> None:
    anne, bruno, card = house.member("Anne"), house.member("Bruno"), blank("ntag424")
    session = begun(desk, "enrol", member=anne)
    reader.hold(shown(card))
    seen(desk, session, "C'est fait :")
    session = begun(desk, "enrol", member=bruno)
    reader.hold(shown(card))
    seen(desk, session, "Ce badge est à Anne")
    assert f'href="/members/{anne}">Voir à qui il est' in desk.page(f"/badges/sessions/{session}")


def test_a_card_without_keys_is_given_when_that_is_meant(house: WebHouse, desk: Visitor, reader: LentDesk) -> None:
    anne = house.member("Anne")
    session = begun(desk, "enrol", member=anne)
    reader.hold(CLASSIC)
    assert "Le donner quand même ?" in seen(desk, session, "n'importe qui peut la copier")
    assert badges.every(house.db) == []
    session = begun(desk, "enrol", member=anne, as_copyable="yes", unit="comptoir")
    reader.hold(CLASSIC)
    page = seen(desk, session, "C'est fait : ce badge est à Anne, et il peut être copié.")
    assert "Écrire ses clés" not in page
    assert "uid:04A1B2C3 MIFARE Classic 1K peut être copié" in page
    assert "peut être copié" in text_of(desk.page(f"/members/{anne}"))


def test_the_same_form_sent_twice_begins_one_session(house: WebHouse, desk: Visitor, reader: LentDesk) -> None:
    """A double click, or back and once more; also when what it began is over."""
    anne = house.member("Anne")
    form = FORM.search(desk.page(f"/members/{anne}"))
    assert form is not None
    first = begun(desk, "enrol", member=anne, form_id=form[1])
    page = desk.does("/badges/sessions/", kind="enrol", member=anne, form_id=form[1])
    assert session_of(page) == first
    assert "C'était déjà demandé" in text_of(page)
    reader.hold(shown(blank("ntag424")))
    seen(desk, first, "C'est fait :")
    assert begun(desk, "enrol", member=anne, form_id=form[1]) == first
    assert reader.desk.orders == reader.desk.orders[:1]


def test_two_tabs_of_one_operator_follow_the_same_session(house: WebHouse, desk: Visitor, reader: LentDesk) -> None:
    anne = house.member("Anne")
    first = begun(desk, "enrol", member=anne)
    page = desk.does("/badges/sessions/", kind="enrol", member=anne)
    assert session_of(page) == first
    assert "C'est déjà en cours" in text_of(page)


def test_who_comes_second_is_told_whose_the_reader_is_and_nothing_begins(
    house: WebHouse, desk: Visitor, reader: LentDesk
) -> None:
    house.operator("Camille")
    anne, bruno, camille = house.member("Anne"), house.member("Bruno"), house.desk("Camille")
    session = begun(desk, "enrol", member=anne)
    refused = camille.post("/badges/sessions/", kind="enrol", member=bruno)
    assert refused.status_code == 409
    page = text_of(refused.text)
    assert "Le lecteur « comptoir » est pris" in page
    assert "Par Marie : « Donner un badge à Anne »." in page
    assert "Votre demande n'a pas commencé." in page
    assert f'href="/badges/sessions/{session}"' in refused.text
    theirs = page_of(camille, session)
    assert "Commencé par Marie" in theirs
    assert "L'arrêter" in theirs
    mine = desk.post("/badges/sessions/", kind="read")
    assert "Par vous-même" in text_of(mine.text)


def test_of_several_readers_one_is_chosen_and_of_none_it_is_said_what_to_see_to(house: WebHouse, desk: Visitor) -> None:
    anne = house.member("Anne")
    page = text_of(desk.does("/badges/sessions/", kind="enrol", member=anne))
    assert "Aucun lecteur n'est prêt." in page
    first = LentDesk(house)
    second = LentDesk(house, "accueil")
    page = desk.does("/badges/sessions/", kind="enrol", member=anne)
    assert "À quel lecteur êtes-vous ?" in text_of(page)
    session = begun(desk, "enrol", member=anne, unit="accueil")
    second.hold(shown(blank("ntag424")))
    seen(desk, session, "C'est fait :")
    assert first.desk.orders == []
    house.says("accueil", online=False)
    assert "sur le lecteur « comptoir »" in page_of(desk, begun(desk, "enrol", member=anne))


def test_a_desk_that_went_away_meanwhile_is_told(house: WebHouse, desk: Visitor, reader: LentDesk) -> None:
    house.says("comptoir", online=False)
    session = begun(desk, "read", unit="comptoir")
    assert "Vérifiez qu'elle est allumée" in seen(desk, session, "comptoir n'est pas connectée")
    assert desk.post("/badges/sessions/", kind="read", unit="nowhere").status_code == 409


def test_a_badge_is_read_given_new_keys_and_made_blank(house: WebHouse, desk: Visitor, reader: LentDesk) -> None:
    card = blank("ntag424")

    def held(kind: str, words: str, **fields: object) -> str:
        session = begun(desk, kind, **fields)
        reader.hold(shown(card))
        page = seen(desk, session, words)
        reader.take_away()
        return page

    assert "Le donner à un membre…" in held("read", "Ce badge est vierge.")
    assert "Donnez-le à quelqu'un depuis sa page" in held("rekey", "n'a pas encore de clés")
    held("enrol", "C'est fait :", member=house.member("Anne"))
    page = held("read", "Ce badge porte les clés du lieu. Il est à Anne.")
    assert "À qui Anne Ses clés version 1 Authentique oui : son fabricant a signé son numéro" in page
    held("rekey", "C'est fait : le badge a ses nouvelles clés. Il reste à Anne.")
    assert "Rendre un badge vierge ?" in text_of(desk.page("/badges/wipe"))
    held("wipe", "C'est fait : le badge est vierge. Il était à Anne ; il n'ouvre plus rien.")
    assert badges.in_use(house.db, BADGE) is None


def test_a_badge_of_ours_under_other_keys_may_be_a_copy(house: WebHouse, desk: Visitor, reader: LentDesk) -> None:
    house.member("Anne", BADGE)
    session = begun(desk, "read")
    reader.hold(foreign())
    seen(desk, session, "Ce badge a le même numéro qu'un badge donné à Anne, mais d'autres clés.")


def test_a_session_that_nobody_knows_any_more_is_told_as_such(desk: Visitor) -> None:
    lost = desk.get("/badges/sessions/0123456789abcdef")
    assert lost.status_code == 404
    assert "On ne sait plus rien de cette demande." in text_of(lost.text)
    assert "On ne sait plus rien" in text_of(desk.page("/badges/sessions/0123456789abcdef/parts/said"))
    assert desk.get("/badges/sessions/0123456789abcdef/parts/nothing").status_code == 404
    assert desk.post("/badges/sessions/0123456789abcdef/cancel").status_code == 409


def test_who_is_no_member_gets_no_badge(house: WebHouse, desk: Visitor, reader: LentDesk) -> None:
    for member in ("99", "x", ""):
        assert desk.post("/badges/sessions/", kind="enrol", member=member).status_code == 409
    assert desk.post("/badges/sessions/", kind="melt").status_code == 400
    assert reader.desk.orders == []


def test_the_page_is_live(desk: Visitor, reader: LentDesk) -> None:
    session = begun(desk, "read")
    with desk.get(f"/badges/sessions/{session}/live") as answer:
        first = next(iter(answer.response))
    assert b'"said"' in bytes(first) and b'"way"' in bytes(first)  # type: ignore[arg-type]


def test_a_concierge_does_all_of_it(house: WebHouse, reader: LentDesk) -> None:
    house.operator("Paul", role="concierge")
    paul = house.desk("Paul")
    session = begun(paul, "enrol", member=house.member("Anne"))
    reader.hold(shown(blank("ntag424")))
    seen(paul, session, "C'est fait :")
