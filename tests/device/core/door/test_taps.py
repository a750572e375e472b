import pytest

from device.core.door.taps import Debounce, ToggleGuard, direction_of


def test_a_badge_seen_again_within_three_seconds_is_no_second_tap():
    debounce = Debounce(3)
    assert [debounce.is_new("anne", now_s) for now_s in (0, 1, 2.9, 5.8, 8.8)] == [True, False, False, False, True]


def test_two_badges_do_not_hinder_each_other():
    debounce = Debounce(3)
    assert [debounce.is_new(who, 10) for who in ("anne", "bruno")] == [True, True]
    assert [debounce.is_new(who, 11) for who in ("anne", "bruno")] == [False, False]
    assert [debounce.is_new(who, 14) for who in ("bruno", "anne")] == [True, True]


def test_a_badge_left_on_the_reader_counts_from_when_it_is_taken_away():
    debounce = Debounce(3)
    debounce.is_new("anne", 0)
    debounce.seen("anne", 60)
    assert not debounce.is_new("anne", 62)
    assert debounce.is_new("anne", 66)


def test_what_was_never_tapped_is_not_remembered_when_it_goes():
    debounce = Debounce(3)
    debounce.seen("anne", 0)
    assert debounce.is_new("anne", 1)


@pytest.mark.parametrize(
    ("side", "inside", "guarded", "direction"),
    [
        ("entry", True, False, "entry"),
        ("exit", False, False, "exit"),
        ("toggle", False, False, "entry"),
        ("toggle", True, False, "exit"),
        ("toggle", True, True, "entry"),
    ],
)
def test_which_way_a_tap_goes(side, inside, guarded, direction):
    assert direction_of(side, inside, guarded) == direction


def test_just_after_the_entry_a_tap_is_not_an_exit():
    guard = ToggleGuard(120)
    guard.entered("anne", 1000)
    assert [guard.holds("anne", now_s) for now_s in (1001, 1119.9, 1120)] == [True, True, False]
    assert not guard.holds("bruno", 1001)


def test_the_entry_of_another_does_not_end_the_guard():
    guard = ToggleGuard(120)
    guard.entered("anne", 1000)
    guard.entered("bruno", 1100)
    assert [guard.holds(who, 1119) for who in ("anne", "bruno")] == [True, True]
    assert [guard.holds(who, 1120) for who in ("anne", "bruno")] == [False, True]
