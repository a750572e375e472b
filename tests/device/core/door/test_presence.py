from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from device.contract.instant import Instant
from device.contract.messages import Inside
from device.core.door.presence import Insiders

NINE = Instant.parse("2026-11-23T08:00:00.000Z")
ANNE, BRUNO = 17, 42


def later(**pause):
    return NINE + timedelta(**pause)


@pytest.fixture
def insiders():
    known = Insiders(ZoneInfo("Europe/Paris"))
    known.heard(Inside(members=[ANNE], as_of=NINE))
    return known


def test_the_servers_word_counts(insiders):
    assert insiders.is_in(ANNE, later(minutes=1))
    assert not insiders.is_in(BRUNO, later(minutes=1))


def test_an_own_passage_that_is_newer_counts_more(insiders):
    insiders.passed(ANNE, "exit", later(minutes=1))
    insiders.passed(BRUNO, "entry", later(minutes=2))
    assert not insiders.is_in(ANNE, later(minutes=3))
    assert insiders.is_in(BRUNO, later(minutes=3))


def test_an_own_passage_that_the_server_had_seen_counts_no_more(insiders):
    insiders.passed(ANNE, "exit", later(minutes=1))
    insiders.heard(Inside(members=[ANNE], as_of=later(minutes=5)))
    assert insiders.is_in(ANNE, later(minutes=6))


def test_an_own_passage_that_the_server_had_not_seen_counts_on(insiders):
    insiders.passed(ANNE, "exit", later(minutes=5))
    insiders.heard(Inside(members=[ANNE], as_of=later(minutes=1)))
    assert not insiders.is_in(ANNE, later(minutes=6))


@pytest.mark.parametrize("seen_at", [NINE - timedelta(minutes=1), NINE])
def test_an_own_passage_that_the_server_had_seen_is_not_remembered_when_it_says_what_was_before(insiders, seen_at):
    """A server restored from its backup."""
    insiders.passed(ANNE, "exit", seen_at)
    insiders.heard(Inside(members=[ANNE], as_of=NINE))
    insiders.replay([(ANNE, "exit", seen_at)])
    insiders.heard(Inside(members=[ANNE], as_of=NINE - timedelta(hours=1)))
    assert insiders.is_in(ANNE, later(minutes=1))


def test_an_own_passage_of_before_the_servers_word_counts_no_more_than_it(insiders):
    for moment in (NINE - timedelta(minutes=1), NINE):
        insiders.passed(ANNE, "exit", moment)
        insiders.passed(BRUNO, "entry", moment)
        assert insiders.is_in(ANNE, later(minutes=1))
        assert not insiders.is_in(BRUNO, later(minutes=1))


def test_the_next_day_nobody_is_in_though_the_server_was_away_since(insiders):
    insiders.passed(BRUNO, "entry", later(minutes=1))
    assert not insiders.is_in(ANNE, later(days=1))
    assert not insiders.is_in(BRUNO, later(days=1))


def test_without_a_trusted_clock_the_last_that_was_known_counts(insiders):
    insiders.passed(BRUNO, "entry", later(minutes=1))
    assert insiders.is_in(ANNE, None)
    assert insiders.is_in(BRUNO, None)


def test_who_came_in_without_a_trusted_clock_is_in_until_the_server_says_more(insiders):
    insiders.passed(ANNE, "exit", None)
    insiders.passed(BRUNO, "entry", None)
    assert (insiders.is_in(ANNE, None), insiders.is_in(BRUNO, None)) == (False, True)
    insiders.heard(Inside(members=[ANNE], as_of=NINE))
    assert (insiders.is_in(ANNE, None), insiders.is_in(BRUNO, None)) == (True, False)


def test_of_whom_nobody_knows_when_they_came_in_nobody_knows_on_which_day(insiders):
    insiders.passed(BRUNO, "entry", None)
    assert not insiders.is_in(BRUNO, later(minutes=1))


def test_at_midnight_of_the_place_nobody_is_in():
    insiders = Insiders(ZoneInfo("Europe/Paris"))
    midnight = Instant.parse("2026-11-23T23:00:00.000Z")
    insiders.heard(Inside(members=[ANNE], as_of=midnight.after(-1)))
    assert insiders.is_in(ANNE, midnight.after(-0.001))
    assert not insiders.is_in(ANNE, midnight)


def test_after_a_restart_only_passages_newer_than_the_servers_word_are_taken_up(insiders):
    insiders.replay([(ANNE, "exit", NINE - timedelta(minutes=1)), (BRUNO, "entry", later(minutes=1))])
    assert insiders.is_in(ANNE, later(minutes=2))
    assert insiders.is_in(BRUNO, later(minutes=2))
