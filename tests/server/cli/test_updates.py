"""`poincon unit update`."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from msgspec.structs import replace

from server.cli import updates
from server.store.database import open_database
from server.store.units import units
from server.updates import release, rounds
from server.updates.rounds import UnitStep, UnitUpdate, UpdateRound
from tests.patience import wait_until
from tests.releases import id_in, made_release
from tests.server.cli.conftest import CommandLine


@pytest.fixture
def made(cli: CommandLine, tmp_path: Path) -> Path:
    """A release, and a place with a room and two doors."""
    with open_database(cli.folder / "books.sqlite3") as db:
        for name, room in (("front", None), ("back", None), ("ring", "atelier")):
            units.add(db, name, "room" if room else "door", room=room, now=cli.now - timedelta(days=1))
    return made_release(tmp_path / "release")


def plain(text: str) -> str:
    """With plain spaces, as one types them."""
    return text.replace("\u00a0", " ")


Server = Callable[[dict[str, tuple[UnitStep, str]]], None]


@pytest.fixture
def server(cli: CommandLine) -> Iterator[Server]:
    """A server that takes the order, and has it end as it is told."""
    stopping, threads = Event(), []

    def plays(ends: dict[str, tuple[UnitStep, str]]) -> None:
        order = wait_until(lambda: stopping.is_set() or rounds.read_order(cli.folder))
        assert isinstance(order, rounds.RoundOrder)
        chosen = [UnitUpdate(unit=name, kind="door") for name in order.units]
        begun = UpdateRound(release=order.release, operator=order.operator, began_at=cli.now, units=chosen)
        rounds.write_round(begun, cli.folder)
        rounds.take_back(cli.folder)
        ended = [replace(each, step=ends[each.unit][0], why=ends[each.unit][1]) for each in chosen]
        over = UpdateRound(
            release=order.release, operator=order.operator, began_at=cli.now, units=ended, ended_at=cli.now
        )
        rounds.write_round(over, cli.folder)

    def start(ends: dict[str, tuple[UnitStep, str]]) -> None:
        threads.append(Thread(target=plays, args=(ends,)))
        threads[-1].start()

    yield start
    stopping.set()
    for thread in threads:
        thread.join()


def test_every_unit_is_updated_a_room_first(cli: CommandLine, made: Path, server: Server) -> None:
    server({"ring": ("done", ""), "back": ("done", ""), "front": ("current", "")})
    result = cli.run("unit", "update", "--release", str(made))
    assert result.exit_code == 0, result.output
    assert result.stdout == f"toutes les unités sont en {id_in(made)}\n"
    assert plain(result.stderr).splitlines() == [
        f"vers {id_in(made)} : ring, back, front",
        "ring : mise à jour",
        "back : mise à jour",
        "front : déjà à jour",
    ]
    assert release.archive_of(id_in(made), cli.folder) is not None


def test_one_that_went_back_is_told_with_why_and_the_status_is_1(cli: CommandLine, made: Path, server: Server) -> None:
    server({"back": ("went_back", "alarm reader"), "front": ("waiting", "")})
    result = cli.run("unit", "update", "front", "back", "--release", str(made))
    assert result.exit_code == 1
    assert "back : revenue à la version d'avant : une partie de l'unité" in plain(result.stderr)
    assert "(lecteur débranché)" in result.stderr
    assert "toutes les unités n'ont pas été mises à jour" in result.stderr


def test_its_document_has_the_result_of_each(cli: CommandLine, made: Path, server: Server) -> None:
    server({"front": ("done", "")})
    assert cli.json("unit", "update", "front", "--release", str(made)) == {
        "release": id_in(made),
        "units": [{"name": "front", "result": "done", "why": ""}],
    }


def test_a_server_that_does_not_run_is_told_and_the_order_is_taken_back(
    cli: CommandLine, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "BEGINS_WITHIN_S", 0)
    result = cli.run("unit", "update", "--release", str(made))
    assert result.exit_code == 1
    assert "le serveur n'a pas commencé : tourne-t-il ?" in plain(result.stderr)
    assert rounds.read_order(cli.folder) is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("cellar",), "il n'y a pas d'unité cellar"),
        ((), "ce serveur n'a pas été installé depuis une version publiée"),
    ],
)
def test_what_cannot_be_is_refused(cli: CommandLine, made: Path, words: tuple[str, ...], told: str) -> None:
    more = ("--release", str(made)) if words else ()
    assert told in cli.refusal("unit", "update", *words, *more)


def test_a_damaged_release_is_refused(cli: CommandLine, made: Path) -> None:
    (made / "VERSION").write_text("0.4.1\n")
    assert "n'est pas une version entière : VERSION" in plain(cli.refusal("unit", "update", "--release", str(made)))
