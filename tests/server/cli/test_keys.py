"""`poincon key`: a rotation of the badge keys, and the keys on paper."""

import pytest

from server.store.database import Database, open_database
from server.store.people import badge_keys
from tests.server.cli.conftest import CommandLine

ADAS, GRACES = "ntag424:04A1B2C3D4E5F6", "desfire:04B1B2C3D4E5F6"
ID = ADAS.partition(":")[2]


@pytest.fixture
def place(cli: CommandLine) -> CommandLine:
    """Ada and Grace with badges that were written by hand, and one that has no keys."""
    for name, badge in (("Ada", ADAS), ("Grace", GRACES), ("Ada's sister", "uid:04C1B2C3D4E5F6")):
        number = cli.json("member", "add", name)["id"]
        cli.out("badge", "assign", str(number), badge)
    return cli


def books(place: CommandLine) -> Database:
    return open_database(place.site.database_path)


def moved_on(place: CommandLine, identity: str, version: int) -> None:
    with books(place) as db:
        badge_keys.begin(db, identity, "ntag424", version, now=place.now)
        badge_keys.finish(db, identity, now=place.now)


def test_a_rotation_goes_on_until_no_badge_is_left(place: CommandLine) -> None:
    assert place.json("key", "rotate") | {"versions": ()} == {
        "present": 2,
        "former": 1,
        "left": 2,
        "versions": (),
        "copyable": 1,
    }
    assert "(2)\u00a0: Ada (1), Grace (2)" in place.refusal("key", "finish")
    moved_on(place, ID, 2)
    moved_on(place, GRACES.partition(":")[2], 2)
    assert place.json("key", "list")["left"] == 0
    assert place.json("key", "finish") == {
        "present": 2,
        "former": None,
        "left": 0,
        "versions": [{"version": 2, "badges": 2}],
        "copyable": 1,
        "refused": [],
    }
    assert [*place.site.badge_keys.by_version] == [2]


def test_a_third_version_is_refused_and_says_what_to_do(place: CommandLine) -> None:
    assert "la version 2 des clés des badges est donnée désormais" in place.out("key", "rotate")
    before = (place.folder / "secrets" / "badges.key").read_bytes()
    assert "terminez avec poincon key finish" in place.refusal("key", "rotate")
    assert (place.folder / "secrets" / "badges.key").read_bytes() == before


def test_nothing_is_finished_that_never_began(place: CommandLine) -> None:
    assert "la version 1 est la seule" in place.refusal("key", "finish", "--yes")


def test_the_former_key_can_be_ended_although_badges_are_left(place: CommandLine) -> None:
    place.out("key", "rotate")
    moved_on(place, ID, 2)
    told = place.out("key", "finish", "--yes")
    assert "1 badge n'ouvre plus rien : Grace (2)" in told.replace("\u00a0", " ")
    shown = {badge["credential"]: badge["key_version"] for badge in place.json("badge", "list")}
    assert shown == {ADAS: 2, GRACES: 1, "uid:04C1B2C3D4E5F6": None}
    assert "finie" in place.out("key", "list")


def test_badges_are_listed_with_the_version_of_their_keys_and_whether_they_can_be_copied(place: CommandLine) -> None:
    rows = place.json("badge", "list")
    assert [(row["key_version"], row["copyable"]) for row in rows] == [(1, False), (1, False), (None, True)]
    assert "peut être copié" in place.out("badge", "list")
    assert "peut être copié" in place.out("member", "show", "3")
    place.out("key", "rotate")
    assert [(row["key_version"], row["former_key"]) for row in place.json("badge", "list")] == [
        (1, True),
        (1, True),
        (None, False),
    ]
    assert place.out("badge", "list").splitlines()[-1].replace("\u00a0", " ").startswith("2 badges portent encore")
    place.out("badge", "assign", "1", "ntag424:04D1B2C3D4E5F6")  # written by hand since: with the present key
    assert place.json("badge", "list")[-1]["key_version"] == 2


def test_the_versions_are_listed_with_their_badges(place: CommandLine) -> None:
    place.out("key", "rotate")
    with books(place) as db:
        badge_keys.wiped(db, ID, now=place.now)
    lines = [line.split() for line in place.out("key", "list").splitlines()]
    assert lines[1:] == [
        ["2", "donnée", "à", "présent", "0"],
        ["1", "ancienne", "1"],
        ["0", "vierge", ":", "n'ouvre", "rien", "1"],
        ["1", "badge", "n'a", "pas", "de", "clé", ":", "il", "peut", "être", "copié"],
    ]


def words(place: CommandLine) -> str:
    return " ".join(key["words"] for key in place.json("key", "export")["keys"])


def test_what_is_printed_for_the_safe_brings_the_keys_back(place: CommandLine) -> None:
    place.out("key", "rotate")
    keys, printed = place.site.badge_keys, place.out("key", "export")
    typed = words(place)
    assert all(row in printed for row in (typed[:47], typed[48:]))
    (place.folder / "secrets" / "badges.key").unlink()
    assert "version 1, 2" in place.out("key", "import", stdin=typed.lower())
    assert place.site.badge_keys == keys
    assert (place.folder / "secrets" / "badges.key").stat().st_mode & 0o777 == 0o600


def test_words_are_read_from_a_file_too(place: CommandLine) -> None:
    paper = place.folder / "paper.txt"
    paper.write_text(words(place), "utf-8")
    place.out("key", "import", str(paper))


def test_a_mistyped_group_is_named_and_nothing_is_changed(place: CommandLine) -> None:
    before = (place.folder / "secrets" / "badges.key").read_bytes()
    typed = words(place)
    wrong = typed[:13] + ("A" if typed[13] != "A" else "B") + typed[14:]
    assert "ligne 1" in (told := place.refusal("key", "import", stdin=wrong)) and " 3 " in told
    assert (place.folder / "secrets" / "badges.key").read_bytes() == before


def test_a_key_that_badges_were_not_enrolled_with_is_refused_unless_it_is_meant(
    place: CommandLine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = CommandLine(tmp_path_factory.mktemp("other") / "place")
    assert other.run("init", str(other.folder), "--id", "there").exit_code == 0
    place.json("key", "export")  # from now on the books know the key
    theirs = words(other)
    assert "ce n'est pas la clé" in place.refusal("key", "import", stdin=theirs)
    place.out("key", "import", "--yes", stdin=theirs)
    assert place.site.badge_keys == other.site.badge_keys


def test_what_cannot_be_ended_any_more_since_its_key_is_lost_is_begun_anew(place: CommandLine) -> None:
    before = words(place)
    place.out("key", "rotate")
    with books(place) as db:
        badge_keys.begin(db, ID, "ntag424", 2, now=place.now)
        place.out("key", "import", "--yes", stdin=before)
        known = badge_keys.of(db, ID)
        assert known is not None
        assert (known.key_version, known.next_version) == (1, None)
        assert badge_keys.begin(db, ID, "ntag424", 1, now=place.now).next_version == 1


def test_a_key_that_badges_hold_must_be_among_those_that_come_back(place: CommandLine) -> None:
    before = words(place)
    place.out("key", "rotate")
    moved_on(place, ID, 2)
    refused = place.run("key", "import", stdin=before)
    assert (refused.exit_code, "la version 2 : 1" in refused.stderr.replace("\u00a0", " ")) == (1, True)


def test_a_key_that_a_badge_was_being_given_must_be_among_those_that_come_back(place: CommandLine) -> None:
    before = words(place)
    place.out("key", "rotate")
    both = place.site.badge_keys
    with books(place) as db:
        badge_keys.begin(db, ID, "ntag424", 2, now=place.now)
        refused = place.run("key", "import", stdin=before)
        assert (refused.exit_code, "la version 2 : 1" in refused.stderr.replace("\u00a0", " ")) == (1, True)
        known = badge_keys.of(db, ID)
    assert place.site.badge_keys == both
    assert known is not None
    assert (known.key_version, known.next_version) == (1, 2)


def test_a_version_of_after_the_backup_comes_back_beside_the_one_that_badges_hold(
    place: CommandLine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The words were printed once the rotation was finished; the badges that moved on stand in no books any more."""
    backup = tmp_path_factory.mktemp("safe") / "place.tar"
    place.out("backup", str(backup))
    former = place.site.badge_keys
    place.out("key", "rotate")
    for identity in (ID, GRACES.partition(":")[2]):
        moved_on(place, identity, 2)
    place.out("key", "finish")
    typed, newer = words(place), place.site.badge_keys
    restored = CommandLine(tmp_path_factory.mktemp("restored") / "place")
    told = restored.out("restore", str(backup)).replace("\u00a0", " ")
    assert "Badges remis ou dotés de nouvelles clés depuis" in told
    assert "version 1" in told and "poincon key import" in told
    told = restored.out("key", "import", stdin=typed)
    assert "version 1, 2" in told and "2" in told.splitlines()[-1]
    assert restored.site.badge_keys.by_version == {**former.by_version, **newer.by_version}
    with books(restored) as db:
        assert [len(badge_keys.left_on(db, version)) for version in (1, 2)] == [2, 0]
        for identity in (ID, GRACES.partition(":")[2]):
            moved_on(restored, identity, 2)
    restored.out("key", "finish")
    assert restored.site.badge_keys == newer


def test_a_version_that_no_badge_holds_does_not_come_back_with_a_newer_one(place: CommandLine) -> None:
    for badge in (ADAS, GRACES):
        place.out("badge", "revoke", badge, "--as", "lost")
    before = (place.folder / "secrets" / "badges.key").read_bytes()
    place.out("key", "rotate")
    place.out("key", "finish")
    typed, newer = words(place), place.site.badge_keys
    (place.folder / "secrets" / "badges.key").write_bytes(before)
    place.out("key", "import", stdin=typed)
    assert place.site.badge_keys == newer


def test_two_versions_of_before_are_finished_one_after_the_other(place: CommandLine) -> None:
    path = place.folder / "secrets" / "badges.key"
    before = path.read_bytes()
    place.out("key", "rotate")
    moved_on(place, ID, 2)
    moved_on(place, GRACES.partition(":")[2], 2)
    place.out("key", "finish")
    place.out("key", "rotate")
    typed = words(place)
    with books(place) as db:
        db.execute("UPDATE badge_keys SET key_version = 1 WHERE identity = ?", (ID,))  # as the books of before have it
    path.write_bytes(before)
    assert "version 1, 2, 3" in place.out("key", "import", stdin=typed)
    assert [line.split()[1] for line in place.out("key", "list").splitlines()[1:4]] == [
        "donnée",
        "ancienne",
        "ancienne",
    ]
    moved_on(place, ID, 3)
    assert "la version 2 des clés des badges est maintenant l'ancienne" in place.out("key", "finish")
    assert "(1)" in place.refusal("key", "finish")


def test_a_removed_unit_says_whose_door_keys_it_held_and_begins_their_rotation(place: CommandLine) -> None:
    place.out("unit", "add", "front", "--kind", "door")
    place.out("unit", "add", "back", "--kind", "door")
    place.out("unit", "add", "third", "--kind", "door")
    place.out("unit", "add", "dial", "--kind", "room", "--room", "atelier")
    told = place.out("unit", "remove", "front")
    assert "les clés de porte de 2 badges : Ada (1), Grace (2)" in told.replace("\u00a0", " ")
    assert "poincon key rotate" in told
    assert "clé" not in place.out("unit", "remove", "dial")
    assert "version 2" in place.out("unit", "remove", "back", "--rotate")
    assert "déjà en cours" in place.out("unit", "remove", "third", "--rotate")
    assert place.site.badge_keys.present == 2


def test_a_badge_without_keys_is_given_out_no_more_where_the_place_says_so(place: CommandLine) -> None:
    place.set("allow_uid = true ", "allow_uid = false")
    assert "ne donne que des badges à clé" in place.refusal("badge", "assign", "1", "uid:04D1B2C3D4E5F6")
    place.out("badge", "assign", "1", "ntag424:04D1B2C3D4E5F6")


@pytest.mark.parametrize("scheme", ["uid", "ntag424", "desfire"])
def test_a_telephone_is_given_out_by_no_command(place: CommandLine, scheme: str) -> None:
    assert "est un téléphone" in place.refusal("badge", "assign", "1", f"{scheme}:08A1B2C3")


def test_no_key_is_told_but_for_the_safe(place: CommandLine) -> None:
    secrets = [key.hex() for key in place.site.badge_keys.by_version.values()]
    told = [
        place.out("key", "rotate"),
        place.out("key", "list"),
        place.out("badge", "list"),
    ]
    assert not [each for each in told for key in secrets if key in each.lower()]
