"""Members as a table, in and out."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from server.store.people import badge_keys, badges, members
from server.store.people.members import Member
from server.store.presence import guests
from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

GOOD = "nom;courriel;rôle;badge\nAline;aline@example.org;concierge;uid:04A1B2C3D4E5F6\nPaul;;;\n"
BAD = "name,email,role\nAline,nobody,\n,x@y.fr,\nPaul,p@q.fr,roi\nCarole,p@q.fr,\nDoris,p@q.fr,\n"
FRENCH = "Prénom;Nom;Adresse e-mail;Tél.;Formule\nÉlodie;Dupré;elodie@example.org;06 12 34 56 78;Nomade\n"
SHOWN = re.compile(r'name="shown" value="(\w+)"')


def upload(desk: Visitor, content: bytes, **fields: object) -> str:
    return desk.post("/members/import", file=(BytesIO(content), "members.csv"), **fields).text


def bring_in(desk: Visitor, text: str, **fields: object) -> str:
    """Both steps, as somebody who looks and presses; the page that follows."""
    [shown] = SHOWN.findall(desk.post("/members/import", text=text, **fields).text)
    return desk.does("/members/import", text=text, for_good="yes", shown=shown, **fields)


def everybody(house: WebHouse) -> list[Member]:
    return sorted(members.every(house.db), key=lambda member: member.id)


def test_a_dry_run_shows_what_would_be_added_and_adds_nothing(house: WebHouse, desk: Visitor) -> None:
    page = upload(desk, GOOD.encode())
    assert "2 membres seraient ajoutés." in page
    assert members.every(house.db) == []


def test_the_second_step_adds_them_for_good(house: WebHouse, desk: Visitor) -> None:
    assert "2 membres ajoutés. Annuler" in text_of(bring_in(desk, GOOD))
    assert [(each.name, each.role) for each in everybody(house)] == [("Aline", "concierge"), ("Paul", "member")]
    assert len(badges.every(house.db)) == 1


def test_nothing_is_added_that_was_not_shown(house: WebHouse, desk: Visitor) -> None:
    assert desk.post("/members/import", text=GOOD, for_good="yes").status_code == 200
    assert desk.post("/members/import", text=GOOD, for_good="yes", shown="other").status_code == 409
    assert members.every(house.db) == []


def test_each_faulty_line_is_named_and_nothing_is_added(house: WebHouse, desk: Visitor) -> None:
    page = text_of(upload(desk, BAD.encode()))
    assert "3 lignes ne vont pas." in page
    assert "ligne 2 : « nobody » n'est pas une adresse de courriel" in page
    assert "ligne 3 : le nom manque" in page
    assert "ligne 4 : « roi » n'est pas un rôle" in page
    assert "Ajouter pour de bon" not in page
    assert members.every(house.db) == []


def test_what_changed_since_the_dry_run_is_shown_again_before_anything_is_added(house: WebHouse, desk: Visitor) -> None:
    [shown] = SHOWN.findall(upload(desk, GOOD.encode()))
    house.member("aline")
    answer = desk.post("/members/import", text=GOOD, for_good="yes", shown=shown)
    assert answer.status_code == 409
    assert "n'est plus ce que vous aviez vu" in text_of(answer.text)
    assert "1 membre serait ajouté." in text_of(answer.text)
    assert len(members.every(house.db)) == 1


@pytest.mark.parametrize(
    ("headings", "line", "name", "email", "notes"),
    [
        ("Nom;Prénom;Courriel", "Dupré;Élodie;e@x.fr", "Élodie Dupré", "e@x.fr", ""),
        ("NOM;PRENOM;MAIL", "DUPRÉ;Élodie;e@x.fr", "Élodie DUPRÉ", "e@x.fr", ""),
        ("Prénom;Nom;Adresse mail;Mél", "Élodie;Dupré;e@x.fr;autre@x.fr", "Élodie Dupré", "e@x.fr", ""),
        ("prenom,nom de famille,Adresse électronique", "Élodie,Dupré,e@x.fr", "Élodie Dupré", "e@x.fr", ""),
        ("First Name\tLast Name\tE-mail Address", "Élodie\tDupré\te@x.fr", "Élodie Dupré", "e@x.fr", ""),
        ("Nom et prénom;Adresse e-mail (perso) *", "Dupré Élodie;e@x.fr", "Dupré Élodie", "e@x.fr", ""),
        ("Prénom;Tél. portable;Remarques", "Élodie;06 12;végétarienne", "Élodie", "", "Tél. 06 12\nvégétarienne"),
        ("id;Nom;Nom d'usage", "1;Dupré;Martin", "Dupré", "", ""),
    ],
)
def test_the_headings_of_french_files_are_known(
    house: WebHouse, desk: Visitor, headings: str, line: str, name: str, email: str, notes: str
) -> None:
    bring_in(desk, f"{headings}\n{line}\n")
    [added] = members.every(house.db)
    assert (added.name, added.email or "", added.notes) == (name, email, notes)


@pytest.mark.parametrize("before", ["", "sep=;\n", '"sep=;"\n', "\n", ";;;;\n\n", "sep=;\n\n"])
def test_what_stands_before_the_headings_is_passed_over(desk: Visitor, before: str) -> None:
    page = text_of(upload(desk, (before + FRENCH).encode()))
    assert "1 membre serait ajouté." in page
    assert "Élodie Dupré" in page


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_in_whatever_its_program_saved_it(desk: Visitor, encoding: str, end: str) -> None:
    text = FRENCH + "FRANÇOISE;ÉPALLE;;;\nZoë;Lê-Gœury;;;\n"
    page = text_of(upload(desk, text.replace("\n", end).encode(encoding)))
    assert "3 membres seraient ajoutés." in page
    for name in ("Élodie Dupré", "FRANÇOISE ÉPALLE") + (("Zoë Lê-Gœury",) if "1252" not in encoding else ()):
        assert name in page


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "ceci est un classeur Excel : enregistrez-le en CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "ceci est un classeur Excel : enregistrez-le en CSV"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ceci est un classeur LibreOffice"),
        (b"\x89PNG\x00\x01\x02", "aucune colonne ne donne le nom"),
        (b"", "aucune colonne ne donne le nom"),
    ],
)
def test_what_is_no_table_is_refused_in_words_that_say_what_to_do(desk: Visitor, content: bytes, told: str) -> None:
    assert told in text_of(upload(desk, content))


def test_columns_that_are_not_read_are_listed_and_can_be_chosen(house: WebHouse, desk: Visitor) -> None:
    page = text_of(upload(desk, FRENCH.encode()))
    assert "1 n'est pas lue : Formule" in page
    bring_in(desk, FRENCH, column=["first_name", "name", "email", "", "notes"])
    [added] = members.every(house.db)
    assert (added.name, added.notes) == ("Élodie Dupré", "Nomade")


def test_a_column_can_be_said_to_be_the_name_where_no_heading_says_so(house: WebHouse, desk: Visitor) -> None:
    text = "Qui;Où\nAline;Saint-Étienne\n"
    page = upload(desk, text.encode())
    assert "choisissez-la ci-dessous" in text_of(page)
    assert '<select id="column-1" name="column"' in page
    bring_in(desk, text, column=["name", ""])
    assert [each.name for each in members.every(house.db)] == ["Aline"]


def test_columns_chosen_anew_are_shown_before_anything_is_added(house: WebHouse, desk: Visitor) -> None:
    [shown] = SHOWN.findall(upload(desk, FRENCH.encode()))
    answer = desk.post(
        "/members/import", text=FRENCH, for_good="yes", shown=shown, column=["name", "", "email", "", ""]
    )
    assert answer.status_code == 409
    assert members.every(house.db) == []


def test_the_same_list_twice_doubles_nobody(house: WebHouse, desk: Visitor) -> None:
    bring_in(desk, FRENCH + "Paul;Roi;;;\n")
    answer = desk.post("/members/import", text="Nom;Prénom\nDUPRE;elodie\nRoi;Paul\nNouvelle;Zoé\n")
    page = text_of(answer.text)
    assert "2 portent le nom de quelqu'un qui existe déjà" in page
    assert "ligne 2 : elodie DUPRE , déjà membre, n° 1" in page
    assert "1 membre serait ajouté." in page
    bring_in(desk, "Nom;Prénom\nDUPRE;elodie\nRoi;Paul\nNouvelle;Zoé\n")
    assert [each.name for each in everybody(house)] == ["Élodie Dupré", "Paul Roi", "Zoé Nouvelle"]


def test_a_namesake_is_added_where_that_is_asked_for(house: WebHouse, desk: Visitor) -> None:
    house.member("Paul Roi")
    bring_in(desk, "nom\nPaul Roi\nAline\nAline\n", also=["2"])
    assert [each.name for each in everybody(house)] == ["Paul Roi", "Paul Roi", "Aline"]


def test_where_everybody_is_there_already_there_is_nothing_to_press(house: WebHouse, desk: Visitor) -> None:
    house.member("Aline")
    page = text_of(upload(desk, b"nom\nAline\n"))
    assert "0 membre serait ajouté." in page
    assert "Ajouter pour de bon" not in page


def test_a_household_with_one_address_comes_in(house: WebHouse, desk: Visitor) -> None:
    page = text_of(upload(desk, b"nom;courriel\nPaul Roi;roi@x.fr\nAnne Roi;ROI@x.fr\n"))
    assert "2 membres seraient ajoutés." in page
    assert "Une adresse serait celle de plusieurs personnes : roi@x.fr" in page


def test_two_badges_alike_are_told_and_so_is_a_telephone(desk: Visitor) -> None:
    page = text_of(upload(desk, b"nom;badge\nA;uid:04A1B2C3\nB;UID:04a1b2c3\nC;uid:08A1B2C3\n"))
    assert "ligne 3 : déjà dans ce fichier : uid:04a1b2c3 (2)" in page
    assert "ligne 4 : uid:08A1B2C3 est un téléphone" in page


def test_there_is_a_way_out_beside_every_way_in(desk: Visitor) -> None:
    for page in (desk.page("/members/import"), upload(desk, GOOD.encode()), upload(desk, BAD.encode())):
        assert '<a class="button quiet" href="/members/">Annuler</a>' in page


def test_an_import_is_taken_back_while_nobody_of_it_has_been_used(house: WebHouse, desk: Visitor) -> None:
    before = house.member("Déjà là")
    page = bring_in(desk, GOOD)
    [change] = re.findall(r'name="change" value="(\d+)"', page)
    assert "2 membres, 09:14, Marie" in text_of(desk.page("/members/import"))
    assert "2 membres importés sont retirés." in text_of(desk.does("/members/import/undo", change=change))
    assert [each.id for each in members.every(house.db)] == [before]
    assert badges.every(house.db) == []
    assert "Dernière importation" not in desk.page("/members/import")
    assert "rien n'est annulé" in text_of(desk.does("/members/import/undo", change=change))
    bring_in(desk, GOOD)  # the badge is free again
    assert min(each.id for each in members.every(house.db) if each.id != before) > 3  # no number comes again


@pytest.mark.parametrize("used", ["tap", "sale", "guest", "record", "badge", "forgotten"])
def test_an_import_of_which_somebody_was_used_stays_whole(house: WebHouse, desk: Visitor, used: str) -> None:
    house.door()
    [change] = re.findall(r'name="change" value="(\d+)"', bring_in(desk, GOOD))
    aline, paul = (each.id for each in everybody(house))
    house.ingest.drop_cache()
    if used == "tap":
        house.tap("uid:04A1B2C3D4E5F6")
    elif used == "sale":
        desk.does(f"/members/{paul}/sell", **{"pass": "ticket-hour", "paid_by": "cash"})
    elif used == "guest":
        guests.arrive(house.db, "Béa", day=house.now.date(), now=house.now, member=paul)
    elif used == "record":
        desk.does(f"/members/{paul}/suspend", reason="bruit")
    elif used == "badge":
        badges.end(house.db, "uid:04A1B2C3D4E5F6", now=house.now + timedelta(minutes=1))
    else:
        members.forget(house.db, paul, now=house.now)
        house.member("Tiers")
        guests.arrive(house.db, None, day=house.now.date(), now=house.now, member=aline)
    known, held = members.every(house.db), badges.every(house.db)
    assert "rien n'est annulé" in text_of(desk.does("/members/import/undo", change=change))
    assert (members.every(house.db), badges.every(house.db)) == (known, held)


def test_only_admins_take_an_import_back(house: WebHouse) -> None:
    house.operator("Camille", role="concierge")
    assert house.desk("Camille").post("/members/import/undo", change="1").status_code == 403


def test_an_export_can_be_read_by_a_spreadsheet_and_imported_again(house: WebHouse, desk: Visitor) -> None:
    house.member("=HYPERLINK(1)", "uid:04A1B2C3D4E5F6")
    house.member('Semi; "quoted"')
    exported = desk.get("/members/export.csv")
    assert exported.data.startswith(b"\xef\xbb\xbfid;name;email;role;badge;badge_keys;notes\r\n")
    assert b"'=HYPERLINK(1)" in exported.data
    assert '"Semi; ""quoted"""' in exported.text
    for credential in ("uid:04A1B2C3D4E5F6",):
        badges.end(house.db, credential, now=house.now)
    bring_in(desk, exported.text.lstrip("\ufeff"), also=["2", "3"])
    assert sorted(each.name for each in members.every(house.db)) == ["=HYPERLINK(1)"] * 2 + ['Semi; "quoted"'] * 2


def test_an_export_says_of_each_badge_what_keys_it_has(house: WebHouse, desk: Visitor) -> None:
    for nth, begun in enumerate(("enrolled", "wiped")):
        identity = f"04A1B2C3D4E5F{nth}"
        badge_keys.begin(house.db, identity, "ntag424", 1, now=house.now)
        badge_keys.finish(house.db, identity, now=house.now)
        if begun == "wiped":
            badge_keys.wiped(house.db, identity, now=house.now)
    aline = house.member("Aline", "ntag424:04A1B2C3D4E5F0")
    badges.assign(house.db, aline, "uid:04FFFFFFFFFFF1", now=house.now)
    house.member("Oumar", "ntag424:04A1B2C3D4E5F1")
    lines = desk.get("/members/export.csv").text.splitlines()
    both = "ntag424:04A1B2C3D4E5F0 uid:04FFFFFFFFFFF1"
    assert lines[1:] == [
        f"1;Aline;;member;{both};avec clé (version 1), copiable;",
        "2;Oumar;;member;ntag424:04A1B2C3D4E5F1;vierge;",
    ]
    assert "with keys (version 1), copyable" in desk.get("/members/export.csv?lang=en").text


@pytest.mark.parametrize("keys", ["avec clé (version 1)", "With keys (version 3)", "vierge"])
def test_a_badge_with_keys_does_not_come_back_as_one_that_can_be_copied(
    house: WebHouse, desk: Visitor, keys: str
) -> None:
    typed = f"name;badge;badge_keys\nAline;uid:04A1B2C3D4E5F6;{keys}\n"
    page = text_of(upload(desk, typed.encode()))
    assert "ligne 2 : uid:04A1B2C3D4E5F6 : son numéro et ce que le tableau dit de ses clés ne vont pas ensemble" in page
    assert members.every(house.db) == []


def test_what_an_import_says_of_keys_gives_nobody_keys(house: WebHouse, desk: Visitor) -> None:
    bring_in(
        desk, "name;badge;badge_keys\nAline;ntag424:04A1B2C3D4E5F6 uid:04FFFFFFFFFFF1;avec clé (version 9), copiable\n"
    )
    assert [each.credential for each in badges.every(house.db)] == ["ntag424:04A1B2C3D4E5F6", "uid:04FFFFFFFFFFF1"]
    assert badge_keys.every(house.db) == {}


def test_a_badge_that_was_enrolled_here_is_imported_with_its_keys_though_the_table_has_its_number_alone(
    house: WebHouse, desk: Visitor
) -> None:
    badge_keys.begin(house.db, "04A1B2C3D4E5F6", "ntag424", 1, now=house.now)
    badge_keys.finish(house.db, "04A1B2C3D4E5F6", now=house.now)
    bring_in(desk, "name;badge\nAline;uid:04A1B2C3D4E5F6\n")
    assert [each.credential for each in badges.every(house.db)] == ["ntag424:04A1B2C3D4E5F6"]
