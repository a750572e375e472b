from datetime import UTC, datetime, timedelta, timezone

import pytest

from device.contract.instant import LAST, Instant


def test_its_text_has_three_decimals_and_z():
    assert str(Instant.of(datetime(2026, 11, 23, 7, 14, 5, 120_999, UTC))) == "2026-11-23T07:14:05.120Z"


def test_another_zone_is_brought_to_utc():
    paris = timezone(timedelta(hours=1))
    assert str(Instant.of(datetime(2026, 11, 23, 8, 14, 5, tzinfo=paris))) == "2026-11-23T07:14:05.000Z"


def test_texts_sort_as_the_moments_do():
    moments = [Instant.of_epoch_ms(ms) for ms in (0, 999, 1_000, 1_800_000_000_123, 4_000_000_000_000)]
    assert sorted(map(str, moments)) == [str(moment) for moment in moments]


def test_it_goes_through_milliseconds_and_text_unchanged():
    moment = Instant.parse("2026-02-28T23:59:59.999Z")
    assert Instant.of_epoch_ms(moment.epoch_ms) == moment == Instant.parse(str(moment))


def test_arithmetic_keeps_it_an_instant():
    assert str(Instant.parse("2026-03-29T00:59:59.999Z") + timedelta(milliseconds=1)) == "2026-03-29T01:00:00.000Z"


@pytest.mark.parametrize(
    "text", ["2026-11-23T07:14:05Z", "2026-11-23T07:14:05.1234567Z", "2026-11-23T07:14:05.1+00:00"]
)
def test_other_precisions_of_utc_are_read(text):
    assert str(Instant.parse(text)).startswith("2026-11-23T07:14:05.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T07:14:05.120",
        "2026-11-23T07:14:05.120+01:00",
        "20261123T071405Z",
        "2026-11-23 07:14:05.120Z",
        "2026-13-23T07:14:05.120Z",
        "2026-11-23T07:14:05.120Z\n",
        "9999-12-31T23:59:59.999Z",
        "٢٠٢٦-11-23T07:14:05.120Z",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):
        Instant.parse(text)


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="zone"):
        Instant.of(datetime(2026, 11, 23))


@pytest.mark.parametrize(
    ("epoch_ms", "text"),
    [
        (-1, "1970-01-01T00:00:00.000Z"),
        (-(10**20), "1970-01-01T00:00:00.000Z"),
        (0, "1970-01-01T00:00:00.000Z"),
        (1_795_590_845_120, "2026-11-25T07:14:05.120Z"),
        (7_258_118_399_999, "2199-12-31T23:59:59.999Z"),
        (7_258_118_400_000, "2199-12-31T23:59:59.999Z"),
        (10**20, "2199-12-31T23:59:59.999Z"),
    ],
)
def test_whatever_a_clock_says_there_is_a_time_to_tell(epoch_ms, text):
    instant = Instant.nearest(epoch_ms)
    assert (str(instant), Instant.parse(text)) == (text, instant)


def test_what_is_later_than_can_be_told_is_the_last_that_can():
    assert LAST.after(0.001) == LAST.after(1e15) == LAST
    assert LAST.after(-0.001).after(0.001) == LAST
