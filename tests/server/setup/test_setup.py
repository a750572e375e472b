"""The first page of a new server: what it asks, what it makes, and that it does so once and whole."""

import re
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from server.backups.sealing import public_key, read_key
from server.demo.ports import listens
from server.errors import Refusal
from server.people.passwords import is_right
from server.setup import new_place
from server.setup.app import create_setup_app, is_followed, is_made
from server.setup.new_place import WrongField, make, proposed_host, proposed_id, read_form
from server.site.folder import SiteFolder
from server.store.database import open_database
from server.store.people import operators
from tests.mosquitto import free_port
from tests.patience import PATIENCE_S, wait_until
from tests.server.cli.conftest import MONDAY_MORNING, CommandLine
from tests.web_house import TOKEN

PASSWORD = "une phrase assez longue"
ANSWERS = {"name": "La Fabrique d'Émile", "operator": "Léa", "password": PASSWORD, "again": PASSWORD}
AT_HOME = ANSWERS | {"host": "poincon.local"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "place"


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    return create_setup_app(folder, lambda: MONDAY_MORNING).test_client()


def sent(client: FlaskClient, language: str = "fr", **typed: str) -> tuple[int, str]:
    """What the page answers to a form that was filled in."""
    headers = {"Accept-Language": language}
    token = TOKEN.search(client.get("/", headers=headers).text)
    answer = client.post("/", data={"csrf_token": token[1] if token else ""} | typed, headers=headers)
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Au Comptoir Numérique", "au-comptoir-numerique"),
        ("La Fabrique d'Émile", "la-fabrique-d-emile"),
        ("Œuvre & Cie", "oeuvre-cie"),
        ("un nom qui est bien plus long que ce qui va", "un-nom-qui-est-bien-plus-long-qu"),
        ("東京", ""),
    ],
)
def test_a_name_on_the_wire_is_proposed_from_the_name_for_people(name: str, expected: str) -> None:
    assert proposed_id(name) == expected


def test_the_host_that_is_proposed_is_this_machines_name_in_its_network() -> None:
    assert re.fullmatch(r"[a-z0-9-]+\.local", proposed_host())


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", {"name": " "}, "ne peut pas être vide"),
        ("name", {"name": "a" * 300}, "trop long"),
        ("name", {"name": "La Fabrique\nd'Émile"}, "caractères de contrôle"),
        ("name", {"name": "La Fabrique\u2028d'Émile"}, "caractères de contrôle"),
        ("operator", {"operator": ""}, "ne peut pas être vide"),
        ("password", {"password": "court", "again": "court"}, "10 signes"),
        ("again", {"again": "une autre phrase"}, "ne sont pas pareils"),
        ("site_id", {"site_id": "Chez Nous"}, "ne peut pas être un nom"),
        ("site_id", {"name": "東京"}, "ne peut pas être un nom"),
        ("host", {"host": "chez nous"}, "nom ou l&#39;adresse"),
    ],
)
def test_what_will_not_do_is_told_beside_its_field_and_nothing_is_made(
    client: FlaskClient, folder: Path, field: str, typed: dict[str, str], told: str
) -> None:
    status, page = sent(client, **ANSWERS | typed)
    fault = re.search(r'<p class="fault" id="([a-z_]+)-fault">([^<]*)', page.replace("\u00a0", " "))
    assert status == 422 and fault is not None
    assert fault[1] == field
    assert told in fault[2]
    assert PASSWORD not in page
    assert not folder.exists()


def test_it_makes_the_place_its_administrator_and_the_key_for_the_safe(client: FlaskClient, folder: Path) -> None:
    status, page = sent(client, **AT_HOME)
    assert status == 200 and "C'est prêt" in page
    place = SiteFolder(folder)
    assert (place.settings.site.id, place.settings.site.name) == ("la-fabrique-d-emile", "La Fabrique d'Émile")
    broker, web = place.settings.broker, place.settings.web
    assert (broker.host, broker.port, broker.tls, web.host, web.port) == ("poincon.local", 8883, True, "0.0.0.0", 8080)
    with open_database(place.database_path) as db:
        [known] = operators.every(db)
    assert (known.name, known.role, known.must_change) == ("Léa", "admin", False)
    assert is_right(PASSWORD, known.password_hash)
    key = re.search(r"AGE-SECRET-KEY-[0-9A-Z]+", page)
    assert key is not None
    assert str(read_key(key[0]).to_public()) == public_key(place)
    assert place.has_broker_files
    assert not (folder / new_place.UNFINISHED).exists()


def test_a_second_time_is_refused(client: FlaskClient, folder: Path) -> None:
    sent(client, **AT_HOME)
    before = (folder / "poincon.toml").read_bytes()
    assert sent(client, **AT_HOME | {"name": "Ailleurs"})[0] in (400, 409)
    assert client.get("/").status_code == 409
    assert (folder / "poincon.toml").read_bytes() == before
    assert "a déjà un lieu" in CommandLine(folder).refusal("setup", str(folder))


def test_a_place_that_lost_its_settings_is_not_made_anew(client: FlaskClient, folder: Path) -> None:
    sent(client, **AT_HOME)
    (folder / "poincon.toml").unlink()
    key = (folder / "secrets" / "badges.key").read_bytes()
    with pytest.raises(Refusal, match="folder_has_place"):
        make(folder, read_form(AT_HOME), MONDAY_MORNING)
    assert (folder / "secrets" / "badges.key").read_bytes() == key


def test_a_place_that_was_cut_off_while_it_was_made_is_made_the_next_time(folder: Path, mocker) -> None:
    cut = mocker.patch.object(new_place, "new_key", side_effect=OSError("the power went"))
    with pytest.raises(OSError, match="the power went"):
        make(folder, read_form(AT_HOME), MONDAY_MORNING)
    assert not (folder / "poincon.toml").exists()
    mocker.stop(cut)
    client = create_setup_app(folder, lambda: MONDAY_MORNING).test_client()
    assert sent(client, **AT_HOME | {"operator": "Marie"})[0] == 200
    with open_database(SiteFolder(folder).database_path) as db:
        assert [each.name for each in operators.every(db)] == ["Marie"]


def test_no_repr_tells_the_password() -> None:
    assert PASSWORD not in repr(read_form(AT_HOME))


def test_the_page_is_in_the_language_of_who_reads_it(client: FlaskClient) -> None:
    assert "Un nouveau lieu" in client.get("/", headers={"Accept-Language": "fr"}).text
    assert "A new place" in client.get("/", headers={"Accept-Language": "en"}).text
    token = TOKEN.search(client.get("/").text)
    assert token is not None
    client.post("/language", data={"csrf_token": token[1], "language": "en", "next": "/"})
    assert "A new place" in client.get("/", headers={"Accept-Language": "fr"}).text


def test_it_answers_under_this_machines_names_alone_and_takes_no_forged_form(client: FlaskClient, folder: Path) -> None:
    assert client.get("/", base_url="http://192.0.2.7").status_code == 200
    assert client.get("/", base_url="http://poincon.local").status_code == 200
    assert client.get("/", base_url="http://evil.example").status_code == 400
    assert client.post("/", data=AT_HOME).status_code == 400
    assert not folder.exists()


def test_the_page_hears_when_it_may_go_to_the_desk(client: FlaskClient) -> None:
    app = client.application
    assert client.get("/login").status_code == 303
    assert not is_followed(app).is_set()
    sent(client, **AT_HOME)
    assert is_made(app).is_set()
    assert client.get("/login").status_code == 503
    assert is_followed(app).is_set()


def test_the_command_ends_when_the_place_is_made_and_the_page_waits_for_the_desk(folder: Path) -> None:
    port = free_port()
    words = [sys.executable, "-m", "server", "setup", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as setup:
        wait_until(lambda: listens(port))
        here = f"http://127.0.0.1:{port}"
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        token = TOKEN.search(browser.open(f"{here}/").read().decode())
        assert token is not None
        form = urlencode({"csrf_token": token[1]} | ANSWERS | {"host": "127.0.0.1"}).encode()
        request = urllib.request.Request(f"{here}/", form, {"Referer": f"{here}/"})
        assert "AGE-SECRET-KEY-" in browser.open(request).read().decode()
        with pytest.raises(HTTPError, match="503"):
            browser.open(f"{here}/login")
        assert setup.wait(PATIENCE_S) == 0
    assert SiteFolder(folder).settings.site.id == "la-fabrique-d-emile"


@pytest.mark.parametrize("field", ["name", "operator"])
def test_what_is_missing_is_a_fault_of_its_field(field: str) -> None:
    with pytest.raises(WrongField) as wrong:
        read_form({name: value for name, value in AT_HOME.items() if name != field})
    assert wrong.value.field == field
