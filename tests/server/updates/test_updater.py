"""A round of updates, step by step: one unit first, the others after it, and what ends it before its time."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from device.contract.channels import COMMAND
from device.contract.messages import Command
from device.contract.release import statement
from device.contract.state import UpdateOutcome
from server.errors import Refusal
from server.site.certificates import new_authority
from server.site.connection_settings import BrokerSettings, WebSettings
from server.site.folder import SiteFolder
from server.site.secret_files import write_secret
from server.site.settings import ServerSettings
from server.store.database import read_database
from server.store.units import units
from server.updates import release, rounds
from server.updates.rounds import RoundOrder, UpdateRound
from server.updates.updater import AGAIN, FETCHED_WITHIN, TRIED_WITHIN, UnitUpdater
from tests.releases import made_release
from tests.web_house import WebHouse

HOUR = timedelta(hours=1)


class Round:
    """A house of three units that take updates, and its updater; `release` is what they are brought to."""

    def __init__(self, folder: Path) -> None:
        self.house = WebHouse(folder)
        self.site = SiteFolder(folder)
        authority = new_authority("comptoir")
        write_secret(self.site.secrets_folder / "authority.crt", authority.certificate)
        write_secret(self.site.secrets_folder / "authority.key", authority.key)
        self.release = release.packed(made_release(folder / "release"), folder).id
        self.house.line.is_deaf = True
        for name, kind in (("front", "door"), ("back", "door"), ("ring", "room")):
            units.add(self.house.db, name, kind, room="atelier" if kind == "room" else None, now=self.house.now - HOUR)  # type: ignore[arg-type]
            self.house.ingest.drop_cache()
            self.house.says(name, updates=True, release="0.3.0-00000000")
        self.restart()

    def restart(self) -> None:
        """The server starts anew."""
        self.updater = UnitUpdater(self.house.place, self.site, lambda: read_database(self.house.db.path))

    def order(self, *names: str) -> None:
        chosen = names or ("ring", "back", "front")
        rounds.lay_down(RoundOrder(release=self.release, operator="Marie", units=list(chosen)), self.site.folder)
        self.look()

    def look(self, times: int = 2) -> None:
        for _ in range(times):
            self.updater.look()

    @property
    def now(self) -> UpdateRound:
        found = rounds.read_round(self.site.folder)
        assert found is not None
        return found

    @property
    def steps(self) -> list[tuple[str, str]]:
        return [(each.unit, each.step) for each in self.now.units]

    def asked(self) -> tuple[str, Command]:
        """The last order, and to whom."""
        return self.house.line.orders[-1]

    def answers(self, error: str = "") -> None:
        """The unit that was asked last has fetched the release, or could not."""
        unit, order = self.asked()
        self.house.line.failing, self.house.line.is_deaf = error, False
        self.house.line.publish(COMMAND, unit, order)
        self.house.line.is_deaf = True
        self.house.line.orders.pop()
        self.look()

    def ends(self, result: Any = "done", why: str = "") -> None:
        """… and says how it ended."""
        unit, order = self.asked()
        outcome = UpdateOutcome(order=order.id, release=self.release, result=result, why=why)
        running = self.release if result == "done" else "0.3.0-00000000"
        self.house.says(unit, updates=True, release=running, update=outcome)
        self.look()


@pytest.fixture
def round_(tmp_path: Path) -> Iterator[Round]:
    made = Round(tmp_path)
    yield made
    made.house.close()


def test_a_room_goes_first_and_a_door_follows_only_when_it_does_well(round_: Round) -> None:
    round_.order()
    assert round_.steps == [("ring", "asked"), ("back", "waiting"), ("front", "waiting")]
    round_.answers()
    assert round_.steps[0] == ("ring", "trying")
    round_.ends()
    assert round_.steps == [("ring", "done"), ("back", "asked"), ("front", "waiting")]
    for _ in range(2):
        round_.answers()
        round_.ends()
    assert round_.steps == [("ring", "done"), ("back", "done"), ("front", "done")]
    assert round_.now.ended_at == round_.house.now
    assert round_.now.all_updated


def test_what_a_unit_is_told_is_signed_and_says_where_to_fetch_it(round_: Round) -> None:
    round_.order("front")
    unit, order = round_.asked()
    packed = release.packed_before(round_.release, round_.site.folder)
    assert packed is not None
    assert (unit, order.kind, order.by, order.path) == ("front", "update", "Marie", f"/release/{packed.id}")
    from device.adapters.machine_release import is_signed

    said = statement(order.release or "", order.sha256 or "")
    assert is_signed(round_.site.secrets_folder / "authority.crt", said, order.signature or "")


@pytest.mark.parametrize(
    ("ending", "last"),
    [
        (lambda each: each.answers("fetch HTTP 404"), ("ring", "refused")),
        (lambda each: (each.answers(), each.ends("went_back", "no_ack")), ("ring", "went_back")),
        (lambda each: (each.answers(), each.ends("refused", "disk")), ("ring", "refused")),
    ],
    ids=["not fetched", "went back", "refused by root"],
)
def test_it_stops_at_the_first_that_fails_and_the_doors_keep_their_version(
    round_: Round, ending: Callable[[Round], Any], last: tuple[str, str]
) -> None:
    round_.order()
    ending(round_)
    assert round_.steps == [last, ("back", "waiting"), ("front", "waiting")]
    assert round_.now.ended_at is not None and round_.now.has_stopped
    assert round_.now.units[0].why
    assert {unit for unit, _ in round_.house.line.orders} == {"ring"}


def test_who_is_away_old_or_current_is_left_out_and_the_rest_goes_on(round_: Round) -> None:
    round_.house.says("ring", online=False)
    round_.house.says("back", updates=None)
    round_.house.says("front", updates=True, release=round_.release)
    round_.order()
    round_.look(4)
    assert round_.steps == [("ring", "away"), ("back", "old"), ("front", "current")]
    assert not round_.now.has_stopped and not round_.now.all_updated
    assert round_.house.line.orders == []


def test_a_unit_that_says_it_runs_that_release_already_is_current(round_: Round) -> None:
    round_.order("front")
    round_.answers("same")
    assert round_.steps == [("front", "current")]


def test_an_order_without_an_answer_is_sent_again_under_its_number(round_: Round) -> None:
    round_.order("front")
    round_.look()
    assert len(round_.house.line.orders) == 1
    round_.house.now += AGAIN
    round_.look()
    assert [order.id for _, order in round_.house.line.orders] == [round_.asked()[1].id] * 2
    assert round_.asked()[1].expires_at > round_.house.now


def test_while_there_is_no_line_the_order_waits(round_: Round) -> None:
    round_.house.line.is_up = False
    round_.order("front")
    assert round_.house.line.orders == []
    round_.house.line.is_up = True
    round_.look()
    assert len(round_.house.line.orders) == 1


@pytest.mark.parametrize("fetched", [False, True])
def test_a_unit_that_never_says_how_it_ended_ends_the_round(round_: Round, fetched: bool) -> None:
    round_.order()
    if fetched:
        round_.answers()
    round_.house.now += TRIED_WITHIN if fetched else FETCHED_WITHIN
    round_.look()
    assert round_.now.ended_at is None
    round_.house.now += timedelta(seconds=1)
    round_.look()
    assert round_.steps[:2] == [("ring", "silent"), ("back", "waiting")]
    assert round_.now.ended_at is not None


def test_the_end_of_an_earlier_try_is_not_taken_for_that_of_this_one(round_: Round) -> None:
    old = UpdateOutcome(order="u-before", release=round_.release, result="went_back", why="no_broker")
    round_.house.says("front", updates=True, release="0.3.0-00000000", update=old)
    round_.order("front")
    round_.answers()
    assert round_.steps == [("front", "trying")]


def test_a_server_that_starts_anew_goes_on_where_it_was(round_: Round) -> None:
    round_.order()
    round_.restart()
    round_.answers()
    round_.restart()
    round_.ends()
    assert round_.steps == [("ring", "done"), ("back", "asked"), ("front", "waiting")]


def test_without_the_archive_nothing_is_asked(round_: Round) -> None:
    path = release.archive_of(round_.release, round_.site.folder)
    assert path is not None
    path.unlink()
    round_.order("front")
    assert round_.steps == [("front", "refused")]
    assert round_.now.units[0].why == "no_archive"


def test_a_unit_that_was_removed_meanwhile_holds_up_nobody(round_: Round) -> None:
    round_.order()
    units.remove(round_.house.db, "ring", now=round_.house.now)
    round_.look()
    assert round_.steps[:2] == [("ring", "away"), ("back", "asked")]


def test_there_is_one_round_at_a_time(round_: Round) -> None:
    round_.order()
    with pytest.raises(Refusal, match="update_under_way"):
        round_.order("front")
    assert round_.steps[0] == ("ring", "asked")


def test_open_pages_hear_of_each_step(round_: Round) -> None:
    waiting = round_.house.feed.subscribe("unit")
    round_.order("front")
    assert waiting.wait(0)


def test_a_round_that_cannot_be_read_any_more_is_none(round_: Round) -> None:
    round_.order()
    (round_.site.folder / release.FOLDER / rounds.ROUND).write_text('{"release":')
    assert rounds.read_round(round_.site.folder) is None
    round_.order("front")
    assert round_.steps == [("front", "asked")]


def test_a_server_that_only_listens_to_itself_gives_units_nothing() -> None:
    rounds.see_reachable(ServerSettings())
    away = BrokerSettings(host="poincon.local", tls=True)
    rounds.see_reachable(ServerSettings(broker=away, web=WebSettings(host="0.0.0.0")))
    with pytest.raises(Refusal, match="units_cannot_fetch"):
        rounds.see_reachable(ServerSettings(broker=away))
