"""The other way of a new server's first page: a backup comes back, whole or not at all."""

import errno
import io
import os
import re
import socket
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from pyrage.x25519 import Identity

from server.setup.app import create_setup_app, is_made
from server.setup.new_place import UNFINISHED, clear_unfinished
from server.setup.restore_page import MOST
from server.site.connection_settings import WebSettings
from server.web.bodies import LARGEST
from server.web.body_on_disk import BodyLost, BodyOnDisk
from server.web.serving import WebServer
from tests.patience import PATIENCE_S, wait_until
from tests.server.cli.conftest import MONDAY_MORNING, CommandLine
from tests.web_house import TOKEN

SEALED, PLAIN = "poincon-2026-11-23T023705Z.tar.age", "poincon-2026-11-23T023705Z.tar"


class Former(NamedTuple):
    """The place that burnt, its two backups, and the key in the safe."""

    place: CommandLine
    sealed: bytes
    plain: bytes
    key: str


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Former:
    folder = tmp_path_factory.mktemp("former")
    place = CommandLine(folder / "place")
    made = place.out("init", str(place.folder), "--id", "la-fab", "--name", "La Fab", "--host", "poincon.local")
    key = re.search(r"AGE-SECRET-KEY-1[0-9A-Z]+", made)
    assert key is not None
    place.out("member", "add", "Ada")
    place.out("sell", "1", "carnet-day", "--paid-by", "cash")
    for name in (SEALED, PLAIN):
        place.out("backup", str(folder / name))
    return Former(place, (folder / SEALED).read_bytes(), (folder / PLAIN).read_bytes(), key[0])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As the machine's service has it: it is there, and empty."""
    made = tmp_path / "place"
    made.mkdir()
    return made


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    return create_setup_app(folder, lambda: MONDAY_MORNING).test_client()


def sent(
    client: FlaskClient, content: bytes | None, key: str = "", name: str = SEALED, language: str = "fr"
) -> tuple[int, str]:
    """What the page answers to a file that is sent."""
    headers = {"Accept-Language": language}
    token = TOKEN.search(client.get("/restore", headers=headers).text)
    form: dict[str, object] = {"csrf_token": token[1] if token else "", "key": key}
    if content is not None:
        form["file"] = (io.BytesIO(content), name)
    answer = client.post("/restore", data=form, content_type="multipart/form-data", headers=headers)
    return answer.status_code, answer.text.replace("\u00a0", " ").replace("\u202f", " ")


def fault(page: str) -> tuple[str, str]:
    found = re.search(r'<p class="fault" id="([a-z_]+)-fault">([^<]*)', page)
    assert found is not None
    return found[1], found[2]


def archive(**files: bytes) -> bytes:
    """An archive of such files."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def of_plain(former: Former, **changed: bytes | None) -> bytes:
    """The plain backup with some of its files otherwise, or missing; `__` in a name is a slash."""
    wanted = {name.replace("__", "/").replace("_dot_", "."): content for name, content in changed.items()}
    files = {}
    with tarfile.open(fileobj=io.BytesIO(former.plain)) as whole:
        for member in whole:
            content = whole.extractfile(member)
            assert content is not None
            files[member.name] = content.read()
    return archive(**{name: content for name, content in (files | wanted).items() if content is not None})


def assert_is_back(former: Former, folder: Path) -> None:
    again = CommandLine(folder)
    assert again.json("member", "list") == former.place.json("member", "list")
    assert again.out("verify") == former.place.out("verify")
    assert again.site.badge_keys.present_key == former.place.site.badge_keys.present_key
    assert again.site.settings == former.place.site.settings
    assert str(folder.absolute()) in (folder / "broker" / "mosquitto.conf").read_text()
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_backup_comes_back_into_the_folder_that_stays(
    former: Former, client: FlaskClient, folder: Path, is_sealed: bool
) -> None:
    kept = folder.stat().st_ino
    content, key, name = (former.sealed, former.key, SEALED) if is_sealed else (former.plain, "", PLAIN)
    status, page = sent(client, content, key, name)
    assert status == 200
    assert "C'est prêt" in page and "La Fab est de retour" in page
    assert "lundi 23 novembre 2026 à 9 h 14" in page
    assert "Badges remis ou dotés de nouvelles clés depuis" in page
    assert "poincon.local" in page
    assert 'data-desk="/login"' in page
    assert is_made(client.application).is_set()
    assert_is_back(former, folder)
    assert folder.stat().st_ino == kept  # a service may not replace it


def test_the_key_is_taken_as_people_type_it(former: Former, client: FlaskClient, folder: Path) -> None:
    written = former.key.lower()
    assert sent(client, former.sealed, f" {written[:20]} {written[20:50]}  {written[50:]}\r\n")[0] == 200
    assert_is_back(former, folder)


def test_a_file_is_known_by_what_it_is_and_not_by_its_name(former: Former, client: FlaskClient, folder: Path) -> None:
    assert sent(client, former.sealed, former.key, "sauvegarde (1).bin")[0] == 200
    assert_is_back(former, folder)


OTHER_KEY = str(Identity.generate())


@pytest.mark.parametrize(
    ("field", "told", "made"),
    [
        ("file", "Choisissez le fichier", lambda former: (None, "")),
        ("key", "tapez la clé privée", lambda former: (former.sealed, " ")),
        ("key", "pas une clé privée", lambda former: (former.sealed, "the key of the door")),
        ("key", "en compte 74", lambda former: (former.sealed, former.key[:-4])),
        ("key", "en compte 74", lambda former: (former.sealed, f"{former.key[:30]}O{former.key[31:]}")),
        ("key", "une autre clé", lambda former: (former.sealed, OTHER_KEY)),
        ("file", "est abîmé", lambda former: (former.sealed[: len(former.sealed) // 2], former.key)),
        ("file", "est abîmé", lambda former: (former.sealed[:-2000] + bytes(2000), former.key)),
        ("file", "est abîmé", lambda former: (former.sealed[:30], former.key)),
        ("file", "est abîmé", lambda former: (former.plain[: len(former.plain) // 2], "")),
        (
            "file",
            "est abîmé",
            lambda former: (of_plain(former, books_dot_sqlite3=b"SQLite format 3" + bytes(9000)), ""),
        ),
        ("file", "est abîmé", lambda former: (of_plain(former, poincon_dot_toml=b"[site]\nid = 3\n"), "")),
        ("file", "est abîmé", lambda former: (of_plain(former, secrets__authority_dot_key=b"no key"), "")),
        ("file", "est abîmé", lambda former: (of_plain(former, secrets__authority_dot_key=None), "")),
        ("file", "secrets/badges.key", lambda former: (of_plain(former, secrets__badges_dot_key=None), "")),
        ("file", "est abîmé", lambda former: (archive(**{"../outside": b"x"}), "")),
        ("file", "n'est pas la sauvegarde", lambda former: (b"a picture of a cat", "")),
        ("file", "n'est pas la sauvegarde", lambda former: (b"", "")),
        ("file", "sans books.sqlite3", lambda former: (archive(text=b"another archive"), "")),
    ],
)
def test_what_will_not_do_is_told_beside_its_field_and_nothing_is_left(
    former: Former, client: FlaskClient, folder: Path, field: str, told: str, made
) -> None:
    status, page = sent(client, *made(former))
    assert status == 422
    assert fault(page)[0] == field
    assert told in fault(page)[1].replace("&#39;", "'")
    assert str(folder) not in page
    assert list(folder.iterdir()) == [] and list(folder.parent.iterdir()) == [folder]
    assert not is_made(client.application).is_set()
    assert sent(client, former.sealed, former.key)[0] == 200


def test_a_file_that_is_too_large_is_told_before_it_is_read(client: FlaskClient, folder: Path) -> None:
    answer = client.post(
        "/restore",
        environ_overrides={"CONTENT_LENGTH": str(MOST + 1)},
        content_type="multipart/form-data; boundary=x",
        headers={"Accept-Language": "fr"},
    )
    assert answer.status_code == 413
    assert fault(answer.text)[0] == "file" and "4 Gio" in fault(answer.text)[1].replace("\u00a0", " ")
    assert list(folder.iterdir()) == []


def test_a_disk_that_is_too_small_for_what_comes_is_told(client: FlaskClient, folder: Path) -> None:
    lost = BodyOnDisk(1 << 60, folder).getfile()
    answer = client.post(
        "/restore",
        environ_overrides={"wsgi.input": lost, "CONTENT_LENGTH": "9"},
        content_type="multipart/form-data; boundary=x",
        headers={"Accept-Language": "fr"},
    )
    assert answer.status_code == 507
    assert fault(answer.text)[0] == "file" and "plein" in fault(answer.text)[1]
    assert list(folder.iterdir()) == []


def test_a_disk_that_fills_up_meanwhile_is_told_and_nothing_is_left(
    former: Former, client: FlaskClient, folder: Path, mocker
) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    filling = mocker.patch("server.site.backup.shutil.copyfileobj", side_effect=full)
    status, page = sent(client, former.sealed, former.key)
    assert (status, fault(page)[0]) == (422, "file")
    assert f"{folder} : le disque est plein" in fault(page)[1]
    assert list(folder.iterdir()) == []
    mocker.stop(filling)
    assert sent(client, former.sealed, former.key)[0] == 200


def test_what_lies_there_already_is_left_alone(former: Former, client: FlaskClient, folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    status, page = sent(client, former.sealed, former.key)
    assert status == 422 and "n'est pas vide" in fault(page)[1].replace("&#39;", "'")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_of_two_at_once_one_is_refused(former: Former, folder: Path) -> None:
    app = create_setup_app(folder, lambda: MONDAY_MORNING)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: sent(app.test_client(), former.sealed, former.key)[0], range(2)))
    assert 200 in answers
    assert set(answers) - {200} <= {400, 409}
    assert len(answers) == 2 and answers.count(200) == 1
    assert_is_back(former, folder)


def test_where_there_is_a_place_nothing_is_taken(former: Former, client: FlaskClient, folder: Path) -> None:
    sent(client, former.plain)
    books = (folder / "books.sqlite3").read_bytes()
    assert client.get("/restore").status_code == 409
    assert client.post("/restore", data={"file": (io.BytesIO(former.plain), PLAIN)}).status_code == 409
    assert (folder / "books.sqlite3").read_bytes() == books


def test_what_a_power_cut_left_goes_at_the_next_try(former: Former, client: FlaskClient, folder: Path) -> None:
    (folder / ".poincon-abc" / "place").mkdir(parents=True)
    (folder / "units").mkdir()
    (folder / "books.sqlite3").write_text("half")
    (folder / UNFINISHED).write_text('["units", "books.sqlite3", "poincon.toml"]')
    assert client.get("/restore").status_code == 200
    assert sent(client, former.sealed, former.key)[0] == 200
    assert_is_back(former, folder)


def test_what_was_begun_goes_and_nothing_else(folder: Path) -> None:
    for name in ("secrets", "kept"):
        (folder / name).mkdir()
    (folder / UNFINISHED).touch()
    clear_unfinished(folder)
    assert [path.name for path in folder.iterdir()] == ["kept"]


def test_it_takes_no_forged_form_and_answers_under_this_machines_names_alone(
    former: Former, client: FlaskClient, folder: Path
) -> None:
    def form() -> dict[str, object]:
        return {"file": (io.BytesIO(former.plain), PLAIN)}

    assert client.post("/restore", data=form()).status_code == 400
    assert client.post("/restore", data=form(), base_url="http://evil.example").status_code == 400
    assert list(folder.iterdir()) == []


def test_the_page_is_in_the_language_of_who_reads_it(former: Former, client: FlaskClient) -> None:
    assert "Reprendre une sauvegarde" in client.get("/", headers={"Accept-Language": "fr"}).text
    assert "Bring a backup back" in client.get("/restore", headers={"Accept-Language": "en"}).text
    assert "was sealed with another key" in sent(client, former.sealed, OTHER_KEY, language="en")[1]


@pytest.fixture
def web(folder: Path) -> Iterator[WebServer]:
    app = create_setup_app(folder, lambda: MONDAY_MORNING)
    web = WebServer(app, WebSettings(port=0, streams=4), spool=folder)
    web.start()
    yield web
    web.stop()


def upload(web: WebServer, length: int) -> socket.socket:
    """The header of a file that is sent."""
    client = socket.create_connection(("127.0.0.1", web.port), PATIENCE_S)
    client.sendall(
        b"POST /restore HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        b"Content-Length: %d\r\n\r\n" % length
    )
    return client


def unnamed_files(folder: Path) -> int:
    """How many files without a name this process has open in `folder`."""
    links = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return sum(link.startswith(str(folder)) and link.endswith("(deleted)") for link in links)


def test_a_cut_upload_leaves_nothing(web: WebServer, folder: Path) -> None:
    with upload(web, 3 * LARGEST) as client:
        client.sendall(b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + bytes(2 * LARGEST))
        wait_until(lambda: unnamed_files(folder) == 1)
        assert list(folder.iterdir()) == []
    wait_until(lambda: unnamed_files(folder) == 0)


def test_a_large_file_is_taken_over_the_disk(web: WebServer, folder: Path) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    body = head + bytes(3 * LARGEST) + b"\r\n--x--\r\n"
    with upload(web, len(body)) as client:
        client.sendall(body)
        answer = client.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 400")  # all of it was read: what it lacks is the token of its form
    wait_until(lambda: unnamed_files(folder) == 0)
    assert list(folder.iterdir()) == []


def test_a_body_that_cannot_be_kept_is_read_to_its_end_all_the_same(tmp_path: Path) -> None:
    body = BodyOnDisk(10, tmp_path / "missing")
    assert body.received(b"01234567") == 8
    assert not body.completed
    assert body.received(b"89 and the next request") == 2
    assert body.completed
    with pytest.raises(BodyLost, match="No such file"):
        body.getfile().read(1)


def test_a_body_on_the_disk_is_read_from_its_beginning(tmp_path: Path) -> None:
    body = BodyOnDisk(4, tmp_path)
    body.received(b"0123")
    assert body.getfile().read() == b"0123"
    assert list(tmp_path.iterdir()) == []
    body.getbuf().close()
    assert unnamed_files(tmp_path) == 0
