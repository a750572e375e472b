"""A second server from a copy: real Litestream into a folder, no server and no broker."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from pyrage.x25519 import Identity

from device.contract.instant import Instant
from server.backups.sealing import new_key
from server.errors import Refusal
from server.replica import litestream, place_watch, sealed_place, term, trial
from server.replica.keeper import ReplicaKeeper
from server.replica.note import ReplicaNote, read_note
from server.replica.place_watch import PlaceWatch
from server.replica.takeover import TakenOver, take_over
from server.replica.target import Target, target_of
from server.site import folder as sites
from server.site.folder import SiteFolder
from server.site.settings import SiteSettings
from server.store import copies
from server.store.database import open_database
from server.store.people import members
from server.store.units import access_lists, units
from server.store.units.access_lists import LEAP, Sent
from tests.patience import wait_until
from tests.server.cli.conftest import CommandLine, cli

__all__ = ["cli"]

NIGHT = Instant.parse("2026-11-23T03:37:05.000Z")
"""4:37 on the wall: the hour of the trial."""


class Copied:
    """A place, a stick, and a copy on it that has everything."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.stick = folder, folder / "stick"
        self.stick.mkdir()
        sites.create(folder / "place", SiteSettings(id="here"), "127.0.0.1")
        settings = folder / "place" / "poincon.toml"
        text = settings.read_text("utf-8").replace('\nurl = ""', f'\nurl = "{self.stick.as_uri()}"')
        settings.write_text(text, "utf-8")
        self.site = sites.find(folder / "place")
        self.key = new_key(self.site)
        target = target_of(self.site)
        assert target is not None
        self.target: Target = target

    def seal(self) -> None:
        """As the running server does."""
        with open_database(self.site.database_path) as db, db.writing():
            sealed = sealed_place.seal(self.site, copies.sealed_digest(db), NIGHT)
            if sealed is not None:
                copies.note_sealed(db, sealed)

    def copy(self) -> int:
        """Claims a term and copies what there is; the term."""
        number = term.claim(self.site, self.target, NIGHT)
        litestream.copy_once(self.site.database_path, self.target.address(number), {})
        return number

    def take_over(self, name: str = "second", key: str | None = None) -> TakenOver:
        return take_over(self.target.url, self.folder / name, lambda: key or self.key, site=None, access={}, now=NIGHT)


def copied_in(folder: Path) -> Copied:
    """A place with a member and a door, and its copy."""
    made = Copied(folder)
    made.seal()
    with open_database(made.site.database_path) as db:
        members.add(db, "Ada", now=NIGHT)
        units.add(db, "front", "door", room=None, now=NIGHT)
        access_lists.note(db, "front", Sent(318, "0", NIGHT))
    made.copy()
    return made


@pytest.fixture
def copied(tmp_path: Path) -> Copied:
    return copied_in(tmp_path)


def test_another_machine_is_the_whole_place(copied: Copied) -> None:
    done = copied.take_over()
    assert (done.term, done.is_claimed) == (2, True)
    assert done.site.badge_keys.present_key == copied.site.badge_keys.present_key
    assert done.site.settings == copied.site.settings
    with open_database(done.site.database_path) as db:
        assert members.names(db) == {1: "Ada"}
        assert copies.term(db) == 2
    assert sorted(path.name for path in (copied.stick / "here").iterdir()) == ["1", "2"]
    assert not list(copied.folder.glob(".poincon-*"))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that other users may look into, as pytest's own are not."""
    with TemporaryDirectory(prefix="poincon-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_what_root_takes_over_belongs_to_whom_the_folder_belongs_to(open_folder: Path) -> None:
    copied = copied_in(open_folder)
    second, here = open_folder / "second", copied.stick / "here"
    second.mkdir()
    for path in (second, here):
        os.chown(path, 12345, 23456)
    assert copied.take_over().is_claimed
    made = [*second.rglob("*"), *(here / "2").rglob("*")]
    assert {(path.stat().st_uid, path.stat().st_gid) for path in made} == {(12345, 23456)}
    assert stat.S_IMODE((second / "broker" / "data").stat().st_mode) == 0o770


def test_what_units_say_of_their_lists_then_the_former_server_never_gave_out(copied: Copied) -> None:
    with open_database(copied.take_over().site.database_path) as db:
        sent = access_lists.sent(db, "front")
    assert sent is not None
    with open_database(copied.site.database_path) as former:
        assert not access_lists.may_be_given_out(former, "front", sent.version)
    assert sent.version > 318 + LEAP


def test_a_second_takeover_follows_the_first(copied: Copied) -> None:
    copied.take_over()
    assert copied.take_over("third").term == 3


def test_the_former_server_sees_that_it_is_followed_and_remembers_it_without_the_stick(copied: Copied) -> None:
    term.must_be_the_one(copied.site)
    copied.take_over()
    with pytest.raises(Refusal, match="server_followed"):
        term.must_be_the_one(copied.site)
    shutil.rmtree(copied.stick)
    with pytest.raises(Refusal, match="server_followed"):
        term.must_be_the_one(copied.site)


def test_a_stick_that_is_away_stops_no_server(copied: Copied) -> None:
    shutil.rmtree(copied.stick)
    term.must_be_the_one(copied.site)


def test_books_that_were_restored_begin_a_term_above_all_that_there_were(copied: Copied, tmp_path: Path) -> None:
    shutil.copytree(copied.site.folder, tmp_path / "again", ignore=shutil.ignore_patterns(".*"))
    again = sites.find(tmp_path / "again")
    copied.take_over()
    assert term.claim(again, copied.target, NIGHT) == 3
    assert term.claim(again, copied.target, NIGHT) == 3


def another_key(copied: Copied) -> str:
    return str(Identity.generate())


def no_copy(copied: Copied) -> str:
    shutil.rmtree(copied.stick / "here")
    return copied.key


def two_places(copied: Copied) -> str:
    shutil.copytree(copied.stick / "here", copied.stick / "there")
    return copied.key


def a_hole(copied: Copied) -> str:
    for path in (copied.stick / "here" / "1").rglob("*.ltx"):
        path.write_bytes(path.read_bytes()[:50])
    return copied.key


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (another_key, "backup_key_wrong"),
        (no_copy, "no_replica"),
        (two_places, "replica_of_which_site"),
        (a_hole, "replica_away"),
    ],
)
def test_what_cannot_be_taken_over_leaves_nothing_behind(
    copied: Copied, spoil: Callable[[Copied], str], code: str
) -> None:
    key = spoil(copied)
    with pytest.raises(Refusal, match=code):
        copied.take_over(key=key)
    assert not (copied.folder / "second").exists()
    assert not (copied.stick / "here" / "2").exists()


def test_books_alone_are_no_server(tmp_path: Path) -> None:
    place = Copied(tmp_path)
    place.copy()
    with pytest.raises(Refusal, match="replica_without_secrets"):
        place.take_over()
    with pytest.raises(Refusal, match="replica_without_secrets"):
        trial.try_copy(place.site, place.target, 1, NIGHT)


def test_settings_and_secrets_are_sealed_anew_when_they_change_and_only_then(copied: Copied) -> None:
    with open_database(copied.site.database_path) as db:
        known = copies.sealed_digest(db)
    assert sealed_place.seal(copied.site, known, NIGHT) is None
    copied.site.issue_to_unit("back")
    changed = sealed_place.seal(copied.site, known, NIGHT)
    assert changed is not None and changed.digest != known
    assert copied.site.badge_keys.present_key.hex().encode() not in changed.content


def test_a_whole_copy_passes_its_trial_and_one_with_books_that_disagree_does_not(copied: Copied) -> None:
    trial.try_copy(copied.site, copied.target, 1, NIGHT)
    with open_database(copied.site.database_path) as db:
        db.execute("INSERT INTO stays VALUES (1, '2026-11-20', 0, '2026-11-20T08:00:00.000Z', NULL, 0)")
    copied.copy()
    with pytest.raises(Refusal, match="books_disagree"):
        trial.try_copy(copied.site, copied.target, 1, NIGHT)


class Keeping:
    """A keeper that looks when it is told to."""

    def __init__(self, copied: Copied) -> None:
        self.copied, self.now = copied, NIGHT
        self.stopping = Event()
        self.keeper = ReplicaKeeper(copied.site, copied.target, lambda: self.now, self.stopping)

    def look(self) -> ReplicaNote:
        self.now += timedelta(seconds=15)
        self.keeper.look()
        note = read_note(self.copied.site.folder)
        assert note is not None
        return note

    def end(self) -> None:
        self.stopping.set()
        self.keeper.run()


@pytest.fixture
def keeping(copied: Copied) -> Iterator[Keeping]:
    made = Keeping(copied)
    yield made
    made.end()


def test_the_keeper_notes_when_everything_was_there_and_tries_the_copy_at_night(keeping: Keeping) -> None:
    note = wait_until(lambda: (seen := keeping.look()).verified_at and seen)
    assert note and (note.fault, note.term, note.unverified) == ("", 1, "")
    assert note.current_at is not None and note.current_at <= keeping.now


def test_a_stick_that_is_pulled_is_told_and_no_copy_lands_where_it_was(keeping: Keeping, tmp_path: Path) -> None:
    good = wait_until(lambda: (seen := keeping.look()).current_at and seen)
    keeping.copied.stick.rename(tmp_path / "elsewhere")
    pulled = keeping.look()
    assert good and (pulled.fault, pulled.current_at) == ("away", good.current_at)
    assert not keeping.copied.stick.exists()
    with open_database(keeping.copied.site.database_path) as db:  # nobody follows the log meanwhile
        members.add(db, "Grace", now=NIGHT)
        db.leave_no_trace()
        members.add(db, "Linus", now=NIGHT)
    (tmp_path / "elsewhere").rename(keeping.copied.stick)
    wait_until(lambda: keeping.look().fault == "")
    with open_database(keeping.copied.take_over().site.database_path) as db:
        assert sorted(members.names(db).values()) == ["Ada", "Grace", "Linus"]


def test_an_empty_stick_in_the_place_of_the_other_gets_a_whole_copy(keeping: Keeping) -> None:
    wait_until(lambda: keeping.look().current_at)
    shutil.rmtree(keeping.copied.stick / "here")
    with open_database(keeping.copied.site.database_path) as db:
        members.add(db, "Grace", now=NIGHT)
    complete_again = keeping.now
    wait_until(lambda: (seen := keeping.look().current_at) and seen > complete_again)
    with open_database(keeping.copied.take_over().site.database_path) as db:
        assert sorted(members.names(db).values()) == ["Ada", "Grace"]


def test_what_former_servers_copied_goes_when_nobody_wrote_to_it_for_a_week(copied: Copied) -> None:
    copied.take_over()
    now = Instant.of_epoch_ms(int((copied.stick / "here").stat().st_mtime * 1000))
    assert copied.target.drop_former(2, now - timedelta(days=7)) == []
    assert copied.target.drop_former(2, now + timedelta(days=7)) == [1]
    assert [path.name for path in (copied.stick / "here").iterdir()] == ["2"]


def test_at_the_command_line_one_is_told_whether_a_place_could_be_made_from_it(copied: Copied) -> None:
    line = CommandLine(copied.site.folder)
    assert "un lieu entier, avec tout jusqu'à" in line.out("replica", "check")
    shutil.rmtree(copied.stick / "here")
    assert "n'a aucune copie du lieu here" in line.refusal("replica", "check")


def test_where_no_copy_is_wanted_there_is_none_to_run_or_to_check(cli: CommandLine) -> None:
    assert cli.out("replica", "run") == ""
    assert "[replica] url est vide" in cli.refusal("replica", "check")


def test_a_takeover_asks_for_the_key_and_tells_what_it_knows(copied: Copied, tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "second")
    told = line.out("takeover", copied.target.url, str(line.folder), stdin=f"{copied.key}\n")
    assert "Badges remis ou dotés de nouvelles clés depuis" in told
    assert "La copie a tout jusqu'à" in told
    assert "(mandat 2)" in told
    assert line.json("member", "list")[0]["name"] == "Ada"


def test_the_keeper_of_a_server_that_is_followed_ends(keeping: Keeping) -> None:
    keeping.look()
    keeping.copied.take_over()
    with pytest.raises(Refusal, match="server_followed"):
        keeping.look()


def test_a_running_server_stops_once_it_is_followed(copied: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_watch, "EVERY_S", 0.05)
    followed, orders = Event(), list[object]()
    watch = PlaceWatch(copied.site, orders.append, lambda: NIGHT, followed.set)
    watch.start()
    wait_until(lambda: len(orders) == 1)
    assert not followed.is_set()
    copied.take_over()
    wait_until(followed.is_set)
    watch.stop()
    assert len(orders) == 1, "nothing changed that had to be sealed again"


@pytest.mark.parametrize(
    ("url", "address", "shown"),
    [
        ("file:///media/stick", "file:///media/stick/here/4", "file:///media/stick"),
        ("sftp://me:secret@nas/books/", "sftp://me:secret@nas/books/here/4", "sftp://nas/books/"),
        ("s3://bucket/copy?region=fr", "s3://bucket/copy/here/4?region=fr", "s3://bucket/copy"),
    ],
)
def test_each_server_has_a_folder_of_its_own_and_no_password_is_shown(url: str, address: str, shown: str) -> None:
    target = Target(url, "here", Path("books.sqlite3"))
    assert (target.address(4), target.shown) == (address, shown)


def test_of_a_place_that_wants_no_copy_nobody_asks_anything(tmp_path: Path) -> None:
    site: SiteFolder = sites.create(tmp_path / "place", SiteSettings(id="here"), "127.0.0.1")
    assert target_of(site) is None
    term.must_be_the_one(site)
