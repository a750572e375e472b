"""What is told to people who are not at the desk: each thing once, signed, and nobody's name."""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator
from email.header import decode_header, make_header
from pathlib import Path
from threading import Event

import pytest

from device.contract.errors import Refused
from device.contract.instant import Instant
from server.desk.item import Severity
from server.desk.people_items import DoorBehind, Unproven, UnprovenBadge
from server.i18n.speech import Speech
from server.integrations.notice_text import sentence
from server.integrations.notices import Letter, Notice, Notifier, letters
from server.site.connection_settings import NoticeSettings
from server.site.settings import ServerSettings, SiteSettings
from server.store.database import Database, read_database
from server.store.journal.attention import StrangeBadge
from tests.web_house import WebHouse

BADGE = "ntag424:04A1B2C3D4E5F6"
KEY = b"key of the notices"
HOOK, TOPIC = "https://example.org/hook", "https://ntfy.example.org/place"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    notices = NoticeSettings(webhook=HOOK, ntfy=TOPIC)
    house = WebHouse(tmp_path, ServerSettings(site=SiteSettings(id="comptoir"), notices=notices))
    house.door()
    house.member("Aline Besson", BADGE)
    yield house
    house.close()


class Postbox:
    """Takes letters, or fails so often first."""

    def __init__(self, failing: int = 0) -> None:
        self.letters: list[Letter] = []
        self.failing = failing

    def __call__(self, letter: Letter) -> None:
        if self.failing:
            self.failing -= 1
            raise OSError("nobody there")
        self.letters.append(letter)


def notifier(house: WebHouse, postbox: Postbox) -> Notifier:
    made = Notifier(house.place, lambda: read_database(house.db.path), KEY, post=postbox, stopping=Event())
    assert made.look() == []
    return made


def test_what_was_there_at_the_start_is_no_news(house: WebHouse) -> None:
    house.alarms("forced")
    assert notifier(house, Postbox()).look() == []


def test_each_thing_is_told_once_and_again_when_it_comes_back(house: WebHouse) -> None:
    made = notifier(house, Postbox())
    house.says("front", alarms=["held"])
    assert [notice.text for notice in made.look()] == ["front\u00a0: porte restée ouverte"]
    assert made.look() == []
    house.says("front", alarms=[])
    assert made.look() == []
    house.says("front", alarms=["held"])
    assert len(made.look()) == 1


def test_daily_chores_wait_for_somebody_at_the_desk(house: WebHouse) -> None:
    made = notifier(house, Postbox())
    house.tap(BADGE)
    house.presses_rex()
    assert made.look() == []


def test_notices_have_no_names_and_no_badges_in_them(house: WebHouse) -> None:
    postbox = Postbox()
    made = notifier(house, postbox)
    house.tap(BADGE, reason="not_authentic")
    for notice in made.look():
        made.tell(notice)
    said = b"".join(letter.body for letter in postbox.letters)
    assert b"copie possible" in said
    assert b"Aline" not in said
    assert b"04A1B2C3D4E5F6" not in said


def test_a_webhook_can_tell_our_letters_from_others(house: WebHouse) -> None:
    postbox = Postbox()
    made = notifier(house, postbox)
    house.tap("uid:04FFFFFFFFFFF1", reason="unknown_credential")
    [notice] = made.look()
    made.tell(notice)
    hook, topic = postbox.letters
    signed = f"{hook.headers['X-Poincon-Timestamp']}.".encode() + hook.body
    assert hook.headers["X-Poincon-Signature"] == f"sha256={hmac.new(KEY, signed, hashlib.sha256).hexdigest()}"
    assert json.loads(hook.body) == {
        "site": "comptoir",
        "kind": "unknown",
        "unit": "front",
        "at": "2026-11-23T08:14:05.000Z",
        "text": "front\u00a0: un badge inconnu a été présenté",
    }
    assert (topic.address, topic.body.decode()) == (TOPIC, "front\u00a0: un badge inconnu a été présenté")


@pytest.mark.parametrize(
    "name", ["Au Comptoir Numérique", "Atelier « Łódź » 東京", "Comptoir", "a\nX-Evil: 1", "é" * 200]
)
def test_the_title_of_a_notice_is_the_name_of_the_place_to_the_letter(tmp_path: Path, name: str) -> None:
    settings = ServerSettings(site=SiteSettings(id="comptoir", name=name), notices=NoticeSettings(ntfy=TOPIC))
    house = WebHouse(tmp_path, settings)
    notice = Notice("key", "silent", Severity.FAULT, "front", house.now, "front ne donne plus de nouvelles")
    [letter] = letters(house.place, notice, KEY)
    house.close()
    assert letter.headers["Title"].isascii()
    assert letter.headers["Title"].isprintable()
    assert str(make_header(decode_header(letter.headers["Title"]))) == name


def test_an_unknown_badge_that_is_held_up_again_and_again_is_one_notice(house: WebHouse) -> None:
    made = notifier(house, Postbox())
    told = []
    for _ in range(5):
        house.tap("uid:04FFFFFFFFFFF1", reason="unknown_credential")
        house.pass_time(minutes=1)
        told += made.look()
    house.tap("uid:04FFFFFFFFFFF2", reason="unknown_credential")
    told += made.look()
    assert [notice.kind for notice in told] == ["unknown", "unknown"]


def test_telephones_are_one_notice_however_often_they_are_held_to_a_door(house: WebHouse) -> None:
    made = notifier(house, Postbox())
    told = []
    for nth in range(5):
        house.tap(f"uid:08A1B2C{nth}", reason="unknown_credential")
        house.pass_time(minutes=1)
        told += [notice.text for notice in made.look()]
    assert told == ["front\u00a0: un téléphone a été présenté, il ne peut pas servir de badge"]


def test_a_letter_that_is_not_taken_is_sent_again_and_given_up_in_the_end(house: WebHouse, monkeypatch) -> None:
    monkeypatch.setattr("server.integrations.notices.PAUSE_S", 0.001)
    for failures, arrived in ((2, 2), (100, 0)):
        postbox = Postbox(failures)
        made = notifier(house, postbox)
        house.pass_time(minutes=1)
        house.alarms("forced")
        for notice in made.look():
            made.tell(notice)
        assert len(postbox.letters) == arrived
        house.alarms("forced", active=False)


def test_that_the_books_cannot_even_be_opened_is_told_and_ends_nothing(house: WebHouse) -> None:
    doors = [Refused("books.sqlite3: file is not a database"), sqlite3.DatabaseError("malformed")]

    def opened() -> Database:
        if house.stats.damage and doors:
            raise doors.pop()
        return read_database(house.db.path)

    made = Notifier(house.place, opened, KEY)
    assert made.look() == []
    house.stats.damage = "database disk image is malformed"
    assert [notice.kind for notice in made.look()] == ["damaged"]
    assert made.look() == []
    assert made.look() == []


@pytest.mark.parametrize(
    ("why", "french", "english"),
    [
        (
            "copy",
            "copie possible ; il n'a rien ouvert, le comptoir dit",
            "perhaps a copy; it opened nothing, the desk says",
        ),
        ("key_over", "donnez un autre badge à son membre", "give its member another badge"),
    ],
)
def test_of_what_may_be_a_copy_a_notice_says_the_door_and_what_to_do(why: Unproven, french: str, english: str) -> None:
    badge = StrangeBadge(1, BADGE, "front", Instant.parse("2026-11-23T08:14:05.000Z"), 1)
    for language, words in (("fr", french), ("en", english)):
        told = sentence(UnprovenBadge(badge, why, 1, "Aline Besson"), Speech(language))
        assert told is not None
        told = told.replace("\u00a0", " ").replace("\u202f", " ")
        assert told.startswith("front")
        assert words in told
        assert "Aline" not in told


def test_of_a_door_without_the_new_key_a_notice_says_so_and_nothing_of_a_copy() -> None:
    badge = StrangeBadge(1, BADGE, "front", Instant.parse("2026-11-23T08:14:05.000Z"), 1)
    told = sentence(DoorBehind(badge, member=1, name="Aline Besson"), Speech("fr"))
    assert told is not None
    assert "la porte n'avait pas encore sa nouvelle clé" in told
    assert "copie" not in told
    assert "Aline" not in told
