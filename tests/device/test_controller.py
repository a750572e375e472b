"""Orders to a unit: none is carried out long after it was given, whatever the clock does."""

from datetime import timedelta

import pytest

from device.contract.instant import Instant
from device.controller import AGE_UNKNOWN
from tests.device.unit_world import SENT, UnitWorld
from tests.device.world import ANNE, HandClock

FIVE_HOURS_S = 5 * 3600


def without_time():
    clock = HandClock(Instant.parse("2026-11-10T00:00:00.000Z"))
    clock.confirmed = clock.kept = False
    return clock


@pytest.mark.parametrize("jump_s", [100_000, -100_000, 0], ids=["ahead", "behind", "right"])
@pytest.mark.parametrize(("late_s", "releases"), [(0, 1), (9, 1), (10, 0), (FIVE_HOURS_S, 0)])
def test_an_order_is_as_old_as_it_is_though_the_clock_jumped(tmp_path, jump_s, late_s, releases):
    unit = UnitWorld(tmp_path)
    unit.take()
    if jump_s:
        unit.clock.jump(jump_s)
    unit.clock.pass_(late_s)
    assert unit.order() == ("True None" if releases else None)
    assert unit.releases == releases


@pytest.mark.parametrize("late_s", [0, FIVE_HOURS_S])
def test_an_order_of_which_nobody_knows_how_old_it_is_opens_nothing_and_the_desk_is_told(tmp_path, late_s):
    unit = UnitWorld(tmp_path, without_time())
    unit.clock.pass_(late_s)
    assert unit.order() == f"False {AGE_UNKNOWN}"
    until = SENT + timedelta(hours=9)
    assert unit.order("mode", name="c-2", value="free", until=until) == f"False {AGE_UNKNOWN}"
    assert (unit.releases, unit.world.told.count("held")) == (0, 0)


@pytest.mark.parametrize(("late_s", "releases"), [(0, 1), (9, 1), (10, 0), (FIVE_HOURS_S, 0)])
def test_a_unit_without_a_clock_knows_the_age_of_an_order_from_the_servers_own_time(tmp_path, late_s, releases):
    unit = UnitWorld(tmp_path, without_time())
    unit.server_says(SENT.after(-30))
    unit.clock.pass_(30 + late_s)
    assert unit.order() == ("True None" if releases else None)
    assert unit.releases == releases


def test_what_the_broker_kept_of_the_server_tells_no_time(tmp_path):
    unit = UnitWorld(tmp_path, without_time())
    unit.server_says(SENT, retained=True)
    assert unit.order() == f"False {AGE_UNKNOWN}"


def test_free_passage_ordered_without_a_clock_ends_in_its_time(tmp_path):
    unit = UnitWorld(tmp_path, without_time())
    unit.server_says(SENT)
    assert unit.order("mode", value="free", until=SENT + timedelta(hours=1)) == "True None"
    unit.world.told.clear()
    unit.world.wait(3600)
    assert unit.world.told[-1] == "secured"


def test_a_unit_without_a_clock_is_found_and_started_anew_all_the_same(tmp_path):
    unit = UnitWorld(tmp_path, without_time())
    assert unit.order("identify") == "True None"
    assert unit.order("restart", name="c-2") == "True None"


@pytest.mark.parametrize("told_s", [-600, 600], ids=["behind", "ahead"])
def test_while_the_clock_is_trusted_it_is_what_orders_are_judged_by(tmp_path, told_s):
    unit = UnitWorld(tmp_path)
    unit.server_says(SENT.after(told_s))
    assert unit.order() == "True None"
    unit.clock.pass_(10)
    assert unit.order(name="c-2") is None


def test_who_came_in_without_a_clock_is_not_taken_for_in_after_a_restart(tmp_path):
    unit = UnitWorld(tmp_path, without_time())
    unit.world.tap(ANNE, "toggle")
    unit.world.walk_through()
    assert unit.world.knowledge.insiders.is_in(17, None)
    unit.world.journal.close()
    assert not UnitWorld(tmp_path, without_time()).world.knowledge.insiders.is_in(17, None)
