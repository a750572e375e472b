"""The dial: what it sets shows at once, what it tells goes out once, and the later word wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.instant import Instant
from device.core.room.dial import REST_S, Dial, Setting

USES = ("free", "focus", "meeting")
NOON = Instant.parse("2026-11-23T12:00:00.000Z")


def at(seconds):
    """The wall clock `seconds` after noon; monotonic time begins at noon too."""
    return Instant.of_epoch_ms(NOON.epoch_ms + round(seconds * 1000))


@pytest.fixture
def dial():
    return Dial(USES, seats=12)


def turned(dial, steps, now_s=0.0):
    dial.turn(steps, now_s, at(now_s))
    return dial


def test_a_turn_to_the_right_is_one_person_more_at_once(dial):
    assert turned(dial, 1).setting == Setting(1, "free")


def test_nobody_is_fewer_than_nobody(dial):
    assert turned(turned(dial, 2), -5).setting.people == 0


@pytest.mark.parametrize(("seats", "most"), [(1, 5), (2, 6), (12, 24), (200, 400), (800, 999)])
def test_the_dial_ends_somewhat_over_the_seats(seats, most):
    assert turned(Dial(USES, seats), 5000).setting.people == most


def test_what_the_desk_set_beyond_the_dials_end_is_not_cut_by_a_turn_to_the_right(dial):
    dial.take(Setting(60, "meeting"), at(0), 12, 0.0)
    assert turned(dial, 1, 1.0).setting.people == 60
    assert turned(dial, -1, 1.1).setting.people == 59


def test_presses_go_round_the_uses(dial):
    seen = []
    for press in range(4):
        dial.press(press, at(press))
        seen.append(dial.setting.use)
    assert seen == ["focus", "meeting", "free", "focus"]


def test_pressing_keeps_the_people(dial):
    turned(dial, 3).press(0.5, at(0.5))
    assert dial.setting == Setting(3, "focus")


@pytest.mark.parametrize(("after_s", "use"), [(0.1, "focus"), (0.149, "focus"), (0.15, "meeting")])
def test_two_presses_within_150_ms_are_one(dial, after_s, use):
    dial.press(0.0, at(0))
    dial.press(after_s, at(after_s))
    assert dial.setting.use == use


def test_the_long_press_makes_the_room_free_and_empty(dial):
    turned(dial, 3).press(0.5, at(0.5))
    dial.hold(3.0, at(3))
    assert dial.setting == Setting(0, "free")


def test_one_event_goes_out_when_the_dial_has_rested(dial):
    for step in range(5):
        turned(dial, 1, 0.2 * step)
        assert dial.step(0.2 * step) is None
    assert dial.deadline_s == pytest.approx(0.8 + REST_S)
    assert dial.step(1.7) is None
    assert dial.step(1.8) == Setting(5, "free")
    assert dial.step(60.0) is None
    assert dial.deadline_s is None


def test_to_and_fro_tells_nothing(dial):
    turned(turned(dial, 1, 0.0), -1, 0.5)
    assert dial.step(10.0) is None


def test_a_dial_at_rest_has_no_deadline(dial):
    assert dial.deadline_s is None
    assert dial.step(5.0) is None


def test_the_desks_word_holds(dial):
    assert dial.take(Setting(4, "meeting"), at(0), 12, 1.0)
    assert dial.setting == Setting(4, "meeting")
    assert dial.touched_s == 1.0
    assert dial.step(10.0) is None


def test_a_repeated_word_is_no_change(dial):
    dial.take(Setting(4, "meeting"), at(0), 12, 1.0)
    dial.take(Setting(4, "meeting"), at(0), 12, 9.0)
    assert dial.touched_s == 1.0


def test_the_dial_wins_over_an_earlier_word_that_comes_later(dial):
    turned(dial, 2, 10.0)
    assert not dial.take(Setting(9, "meeting"), at(9), 12, 10.5)
    assert dial.step(11.0) == Setting(2, "free")
    assert not dial.take(Setting(9, "meeting"), at(9), 12, 12.0)
    assert dial.setting == Setting(2, "free")


def test_a_later_word_of_the_desk_takes_back_what_was_not_told_yet(dial):
    turned(dial, 2, 10.0)
    assert dial.take(Setting(9, "meeting"), at(10.5), 12, 10.6)
    assert dial.step(20.0) is None
    assert dial.setting == Setting(9, "meeting")


def test_the_servers_echo_of_the_dials_own_event_is_taken(dial):
    turned(dial, 2, 10.0)
    told = dial.step(11.0)
    assert dial.take(told, at(10), 12, 11.1)


def test_after_its_echo_whatever_the_server_says_holds(dial):
    """Also an older word: a server restored from its backup."""
    turned(dial, 2, 10.0)
    dial.take(dial.step(11.0), at(10), 12, 11.1)
    assert dial.take(Setting(1, "focus"), at(-3600), 12, 60.0)


def test_to_and_fro_without_the_server_does_not_keep_its_word_out(dial):
    turned(turned(dial, 1, 10.0), -1, 10.5)
    dial.step(12.0)
    assert dial.take(Setting(4, "meeting"), at(-3600), 12, 20.0)


def test_to_and_fro_while_the_desk_set_something_else_is_told(dial):
    turned(turned(dial, 1, 10.0), -1, 10.5)
    assert not dial.take(Setting(4, "meeting"), at(10.2), 12, 10.6)
    assert dial.step(12.0) == Setting(0, "free")


def test_a_touch_is_later_than_the_word_it_was_made_at_the_sight_of(dial):
    """Also where the unit's clock is behind the server's."""
    dial.take(Setting(4, "meeting"), at(60), 12, 1.0)
    turned(dial, 1, 2.0)
    assert dial.at == Instant.of_epoch_ms(at(60).epoch_ms + 1)
    assert not dial.take(Setting(4, "meeting"), at(60), 12, 2.5)


def test_what_was_set_before_a_power_cut_is_later_than_an_older_word(dial):
    dial = Dial(USES, 12, Setting(3, "focus"), at=at(0))
    assert not dial.take(Setting(9, "meeting"), at(-60), 12, 1.0)
    assert dial.take(Setting(3, "focus"), at(0), 12, 2.0)


@pytest.mark.parametrize(("ahead_s", "holds"), [(300, False), (300.001, True)])
def test_what_was_set_further_ahead_than_clocks_differ_was_set_under_a_wrong_clock(ahead_s, holds):
    dial = Dial(USES, 12, Setting(3, "focus"), at=at(ahead_s))
    assert dial.take(Setting(9, "meeting"), at(-60), 12, 1.0, now=at(0)) == holds


def test_without_a_trusted_clock_an_untold_touch_is_later_than_any_word(dial):
    dial.turn(2, 10.0, None)
    assert not dial.take(Setting(9, "meeting"), at(3600), 12, 10.5)
    dial.step(11.0)
    assert dial.take(Setting(9, "meeting"), at(0), 12, 12.0)


def test_a_word_with_an_unknown_use_is_set_aside(dial):
    turned(dial, 2)
    assert not dial.take(Setting(4, "disco"), at(60), 40, 60.0)
    assert (dial.setting, dial.seats) == (Setting(2, "free"), 12)


def test_the_rooms_seats_come_with_the_word(dial):
    dial.take(Setting(4, "meeting"), at(0), 3, 1.0)
    assert turned(dial, 50, 2.0).setting.people == 7


def test_after_a_use_that_is_gone_from_the_settings_comes_the_first():
    dial = Dial(USES, 12, Setting(3, "disco"))
    dial.press(0.0, None)
    assert dial.setting == Setting(3, "free")


moves = st.lists(st.tuples(st.sampled_from(["turn", "back", "press", "hold"]), st.floats(0.01, 3)), max_size=40)


@given(moves)
def test_at_most_one_event_a_second_and_the_last_one_says_how_it_stands(moves):
    dial, now_s, told = Dial(USES, 12), 0.0, []
    for move, pause_s in moves:
        if move in ("turn", "back"):
            dial.turn(1 if move == "turn" else -1, now_s, at(now_s))
        else:
            (dial.press if move == "press" else dial.hold)(now_s, at(now_s))
        now_s += pause_s
        told += [said] if (said := dial.step(now_s)) else []
    told += [said] if (said := dial.step(now_s + REST_S)) else []
    assert len(told) <= now_s / REST_S + 1
    assert dial.setting == (told[-1] if told else Setting(0, "free"))
    assert 0 <= dial.setting.people <= 24
