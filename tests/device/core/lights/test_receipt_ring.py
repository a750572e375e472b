"""What a receipt shows: a carnet as it is, the last ticket, what is owed, and passes that are no carnet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.messages import Left, Receipt
from device.core.lights.door_ring import Picture, Show, frame, lasts_s, next_frame_s
from device.core.lights.light import luminance
from device.core.lights.receipt_ring import RECEIPT_S, settled_s

GOLD, TICKET = (255, 165, 0), (0, 205, 110)


def receipt(paid_by="tickets", half_day=0, golden=1, owed_cents=0, of=11, **left):
    kinds = {"hour": 0, "day": 0, "nomade": None, "half_day": half_day, "golden": golden} | left
    return Receipt(
        epoch="9f2c41aa",
        seq=1043,
        paid_by=paid_by,
        left=Left(**kinds),
        of=of,
        owed_cents=owed_cents,
        expires=None,
        greeting="Bonjour",
    )


def shown(told, at_s, leds=12):
    return frame(Show(Picture.RECEIPT, 0.0, told), at_s, leds)


def lit(colours):
    return [index for index, colour in enumerate(colours) if max(colour) > 100]


def test_seven_tickets_left_and_the_golden_one_at_the_top():
    colours = shown(receipt(half_day=7), 3.0)
    assert lit(colours) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert colours[0] == GOLD
    assert set(colours[1:8]) == {TICKET}


def test_tickets_already_used_stay_as_faint_outlines():
    assert shown(receipt(half_day=7), 3.0)[8:] == ((0, 29, 15),) * 4


def test_the_ticket_just_taken_sparks_and_goes_out():
    told = receipt(half_day=7)
    taken = [shown(told, at_s)[8] for at_s in (0.0, 0.4, 0.8, 1.0, 1.6)]
    assert (taken[0], taken[2]) == ((255, 255, 255), (0, 102, 55))
    assert [luminance(colour) for colour in taken] == sorted(map(luminance, taken), reverse=True)
    assert taken[-1] == (0, 29, 15)


def test_a_golden_ticket_given_away_is_an_empty_place():
    assert lit(shown(receipt(half_day=4, golden=0), 3.0)) == [1, 2, 3, 4]


def test_a_new_carnet_with_its_first_ticket_taken():
    assert lit(shown(receipt(half_day=10), 3.0)) == list(range(11))


def test_days_and_half_days_count_together():
    assert lit(shown(receipt(half_day=3, day=2), 3.0)) == [0, 1, 2, 3, 4, 5]


def test_loose_hours_count_where_there_is_nothing_else():
    assert lit(shown(receipt(hour=3, golden=0, of=None), 3.0)) == [1, 2, 3]


def test_more_than_a_carnet_fills_the_ring():
    assert lit(shown(receipt(half_day=19), 3.0)) == list(range(12))


def test_a_carnet_of_ten_leaves_the_eleventh_place_dark():
    assert shown(receipt(half_day=5, of=10), 3.0)[11] == (0, 0, 0)


def test_a_carnet_of_twenty_is_shown_in_proportion():
    assert lit(shown(receipt(half_day=10, of=20), 3.0)) == [0, 1, 2, 3, 4, 5, 6]


def test_the_one_ticket_left_breathes():
    told = receipt(half_day=1)
    levels = [max(shown(told, at_s)[1]) for at_s in (2.1, 2.8)]
    assert levels[0] - levels[1] > 100


@pytest.mark.parametrize(
    ("told", "led"), [(receipt(half_day=1), 1), (receipt(half_day=0), 1), (receipt("nomade", nomade=1), 0)]
)
def test_what_breathes_is_bright_in_the_middle_of_its_breath_and_never_brighter_than_there_is(told, led):
    assert 200 < max(max(shown(told, 2.0 + tenth / 10)[led]) for tenth in range(15)) <= 255


def test_when_the_last_ticket_goes_the_empty_places_pulse():
    told = receipt(half_day=0, golden=0)
    assert lit(shown(told, 0.2)) == [1]
    assert lit(shown(told, 2.3)) == list(range(1, 12))


def test_six_euros_owed_are_six_coins_from_the_bottom():
    told = receipt("owed", owed_cents=600, of=None)
    assert lit(shown(told, 0.55)) == [6, 7, 8, 9, 10, 11]
    assert set(shown(told, 0.5)[1:6]) == {(0, 0, 0)}


@pytest.mark.parametrize(
    ("cents", "coins"), [(-500, 0), (0, 0), (1, 1), (100, 1), (101, 2), (600, 6), (1101, 12), (1200, 12), (5000, 12)]
)
def test_each_begun_euro_is_a_coin_and_twelve_are_a_whole_ring(cents, coins):
    colours = shown(receipt("owed", golden=0, owed_cents=cents, of=None), coins / 12)
    assert lit(colours) == sorted((6 + coin) % 12 for coin in range(coins))


@pytest.mark.parametrize(("at_s", "coins"), [(0.0, 1), (0.04, 2), (0.1, 3), (0.2, 3), (0.25, 3)])
def test_coins_are_laid_down_one_after_another(at_s, coins):
    assert lit(shown(receipt("owed", owed_cents=300, of=None), at_s)) == [6, 7, 8][:coins]


def test_coins_breathe_together_once_all_are_laid_down():
    told = receipt("owed", owed_cents=300, of=None)
    levels = [[max(shown(told, 0.25 + at_s)[coin]) for coin in (6, 7, 8)] for at_s in (-0.01, 0.0, 0.45, 0.9)]
    assert levels == [[255] * 3, [255] * 3, [76] * 3, [255] * 3]


def test_what_is_owed_follows_what_is_left():
    told = receipt(half_day=3, owed_cents=900)
    assert lit(shown(told, 1.9)) == [0, 1, 2, 3]
    assert lit(shown(told, 2.0)) == [6]
    assert lit(shown(told, 2.8)) == [0, 1, 2, 6, 7, 8, 9, 10, 11]


def test_a_cent_owed_is_told_beside_the_one_ticket_left():
    told = receipt(half_day=1, owed_cents=1)
    assert lit(shown(told, 1.9)) == [0, 1]
    assert lit(shown(told, 2.0)) == [6]


@pytest.mark.parametrize(
    ("told", "settles_s"),
    [
        (receipt(half_day=7), 1.6),
        (receipt(half_day=2), 1.6),
        (receipt("nomade+tickets", half_day=2), 1.6),
        (receipt(half_day=1), None),
        (receipt(half_day=0), None),
        (receipt(half_day=7, owed_cents=1), None),
        (receipt("owed", owed_cents=600), None),
        (receipt("nomade", nomade=7), None),
        (receipt("resident"), None),
        (receipt("golden", half_day=7), None),
        (receipt("free", half_day=7), 0),
        (receipt("free", half_day=7, owed_cents=0), 0),
    ],
)
def test_what_breathes_never_stands_still(told, settles_s):
    assert settled_s(told) == settles_s


def test_a_nomade_sees_the_half_days_left_of_the_month():
    colours = shown(receipt("nomade", golden=0, nomade=3, of=None), 3.0)
    assert lit(colours) == [0, 10, 11]
    assert all(blue > red for red, _, blue in colours)


@pytest.mark.parametrize(("nomade", "spark"), [(0, 0), (1, 11), (3, 9), (11, 1)])
def test_a_half_day_just_taken_sparks_behind_those_left(nomade, spark):
    colours = shown(receipt("nomade", golden=0, nomade=nomade, of=None), 0.0)
    assert [index for index, colour in enumerate(colours) if colour == (255, 255, 255)] == [spark]


@pytest.mark.parametrize("nomade", [12, 20])
def test_more_half_days_than_places_fill_the_ring(nomade):
    colours = shown(receipt("nomade", golden=0, nomade=nomade, of=None), 0.0)
    assert lit(colours) == list(range(12))
    assert (255, 255, 255) not in colours


def test_a_nomade_without_a_figure_has_none_left():
    told = [receipt("nomade", golden=0, nomade=nomade, of=None) for nomade in (None, 0)]
    assert shown(told[0], 1.0) == shown(told[1], 1.0)
    assert lit(shown(told[0], 1.7)) == []


@pytest.mark.parametrize(("nomade", "sinks"), [(1, True), (2, False)])
def test_the_one_half_day_left_breathes(nomade, sinks):
    told = receipt("nomade", golden=0, nomade=nomade, of=None)
    high, low = (max(shown(told, at_s)[0]) for at_s in (2.1, 2.8))
    assert (high - low > 100) == sinks
    assert high > 200


@pytest.mark.parametrize(("quarters", "brightest"), [(3, 3), (4, 0), (5, 9), (6, 6)])
def test_a_shimmer_goes_around_a_nomades_ring_anticlockwise(quarters, brightest):
    colours = shown(receipt("nomade", golden=0, nomade=0, of=None), 2.25 * quarters / 4)
    assert max(range(12), key=lambda index: luminance(colours[index])) == brightest


def test_a_golden_ticket_fills_the_ring_clockwise_and_stays():
    assert shown(receipt("golden"), 0.225)[1][:2] == GOLD[:2]
    early, late = (shown(receipt("golden"), at_s) for at_s in (0.4, 1.2))
    assert [max(early[index]) > 100 for index in (0, 3, 9)] == [True, True, False]
    assert lit(late) == list(range(12))


def test_a_resident_has_a_whole_ring():
    assert len([c for c in shown(receipt("resident", golden=0, of=None), 1.0) if max(c) > 60]) == 12


def test_a_carnet_that_nothing_was_taken_from_stands_still():
    show = Show(Picture.RECEIPT, 0.0, receipt("free", half_day=7))
    assert next_frame_s(show, 0.0) == pytest.approx(RECEIPT_S - 0.35)
    assert lit(frame(show, 0.0)) == list(range(8))


def test_once_the_ticket_is_out_nothing_more_is_sent_until_the_end():
    show = Show(Picture.RECEIPT, 0.0, receipt(half_day=7))
    assert next_frame_s(show, 1.0) == pytest.approx(1.0 + 1 / 30)
    assert next_frame_s(show, 1.7) == pytest.approx(RECEIPT_S - 0.35)


def test_a_receipt_without_its_figures_is_a_grant():
    assert frame(Show(Picture.RECEIPT, 0.0), 0.6) == frame(Show(Picture.GRANTED, 0.0), 0.6)


receipts = st.builds(
    receipt,
    st.sampled_from(["resident", "nomade", "tickets", "nomade+tickets", "golden", "owed", "free"]),
    half_day=st.integers(0, 40),
    day=st.integers(0, 40),
    hour=st.integers(0, 40),
    golden=st.integers(0, 3),
    owed_cents=st.integers(-500, 5000),
    of=st.none() | st.integers(0, 40),
    nomade=st.none() | st.integers(0, 40),
)


@given(receipts, st.floats(0, 5), st.sampled_from([1, 12, 24]))
def test_any_receipt_can_be_shown_on_any_ring(told, at_s, leds):
    colours = shown(told, at_s, leds)
    assert len(colours) == leds
    assert all(0 <= value <= 255 for colour in colours for value in colour)


@given(receipts, st.floats(0, 4.5))
def test_a_receipt_that_stands_still_does_not_change(told, at_s):
    show = Show(Picture.RECEIPT, 0.0, told)
    coming_s = next_frame_s(show, at_s)
    if coming_s and coming_s > at_s + 0.1:
        assert len({frame(show, at_s + (coming_s - at_s) * share) for share in (0.0, 0.5, 0.99)}) == 1


@given(st.integers(0, 10), st.integers(1, 11))
def test_more_tickets_left_are_more_light(half_day, more):
    fewer, many = (shown(receipt(half_day=count), 4.0) for count in (half_day + 1, half_day + 1 + more))
    assert len(lit(many)) >= len(lit(fewer))


def test_a_receipt_is_gone_after_its_time():
    assert lasts_s(Picture.RECEIPT) == RECEIPT_S
    assert shown(receipt(half_day=7), RECEIPT_S) == ((0, 0, 0),) * 12
