"""Members as a table, in and out."""

from io import BytesIO

from server.store import badges, members
from tests.server.web.test_desk import text_of
from tests.web_house import Visitor, WebHouse

GOOD = "nom;courriel;rôle;badge\nAline;aline@example.org;concierge;uid:04A1B2C3D4E5F6\nPaul;;;\n"
BAD = "name,email,role\nAline,nobody,\n,x@y.fr,\nPaul,p@q.fr,roi\nCarole,p@q.fr,\nDoris,p@q.fr,\n"


def upload(desk: Visitor, content: bytes) -> str:
    return desk.post("/members/import", file=(BytesIO(content), "members.csv")).text


def test_a_dry_run_shows_what_would_be_added_and_adds_nothing(house: WebHouse, desk: Visitor) -> None:
    page = upload(desk, GOOD.encode())
    assert "2 membres seraient ajoutés." in page
    assert members.every(house.books) == []


def test_the_second_step_adds_them_for_good(house: WebHouse, desk: Visitor) -> None:
    desk.does("/members/import", text=GOOD, for_good="yes")
    assert [(each.name, each.role) for each in members.every(house.books)] == [
        ("Aline", "concierge"),
        ("Paul", "member"),
    ]
    assert len(badges.every(house.books)) == 1


def test_each_faulty_line_is_named_and_nothing_is_added(house: WebHouse, desk: Visitor) -> None:
    page = text_of(upload(desk, BAD.encode()))
    assert "4 lignes ne vont pas." in page
    assert "ligne 2 : « nobody » n'est pas une adresse de courriel" in page
    assert "ligne 3 : le nom manque" in page
    assert "ligne 4 : « roi » n'est pas un rôle" in page
    assert "ligne 6 : déjà dans ce fichier : p@q.fr (5)" in page
    assert members.every(house.books) == []


def test_what_changed_since_the_dry_run_is_found_before_anything_is_added(house: WebHouse, desk: Visitor) -> None:
    house.member("Aline", email="ALINE@example.org")
    answer = desk.post("/members/import", text=GOOD, for_good="yes")
    assert answer.status_code == 422
    assert "est déjà membre, n° 1" in answer.text
    assert len(members.every(house.books)) == 1


def test_a_picture_is_no_table(desk: Visitor) -> None:
    assert "la première ligne doit nommer les colonnes" in text_of(upload(desk, b"\x89PNG\x00\x01\x02"))


def test_an_export_can_be_read_by_a_spreadsheet_and_imported_again(house: WebHouse, desk: Visitor) -> None:
    house.member("=HYPERLINK(1)", "uid:04A1B2C3D4E5F6")
    house.member('Semi; "quoted"')
    exported = desk.get("/members/export.csv")
    assert exported.data.startswith(b"\xef\xbb\xbfid;name;email;role;badge;notes\r\n")
    assert b"'=HYPERLINK(1)" in exported.data
    assert '"Semi; ""quoted"""' in exported.text
    for credential in ("uid:04A1B2C3D4E5F6",):
        badges.end(house.books, credential, now=house.now)
    desk.does("/members/import", text=exported.text.lstrip("\ufeff"), for_good="yes")
    assert sorted(each.name for each in members.every(house.books)) == ["=HYPERLINK(1)"] * 2 + ['Semi; "quoted"'] * 2
