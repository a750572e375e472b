"""What is past its time on a date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.retention.periods import last_days, months_before


@pytest.mark.parametrize(
    ("today", "names", "books"),
    [
        (date(2026, 11, 27), date(2026, 8, 26), date(2015, 12, 31)),
        (date(2026, 5, 31), date(2026, 2, 27), date(2015, 12, 31)),
        (date(2027, 1, 1), date(2026, 9, 30), date(2016, 12, 31)),
        (date(2024, 5, 31), date(2024, 2, 28), date(2013, 12, 31)),
    ],
)
def test_names_go_by_months_and_books_by_whole_years(today: date, names: date, books: date) -> None:
    past = last_days(today, names_kept_months=3, books_kept_years=10)
    assert (past.names, past.books) == (names, books)


def test_what_is_kept_for_a_month_or_a_year() -> None:
    past = last_days(date(2026, 3, 30), names_kept_months=3, books_kept_years=10)
    assert (past.month, past.year) == (date(2026, 2, 27), date(2025, 3, 29))


@given(st.dates(min_value=date(200, 1, 1)), st.integers(1, 1_200))
def test_months_go_back_one_by_one_as_all_at_once_but_for_short_months(day: date, months: int) -> None:
    before = months_before(day, months)
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day == day.day or (before.day < day.day and months_before(before, 0) == before)
    assert months_before(day, 0) == day


@given(st.dates(min_value=date(200, 1, 1)), st.integers(1, 120), st.integers(1, 100))
def test_nothing_goes_before_its_time(today: date, months: int, years: int) -> None:
    past = last_days(today, months, years)
    assert past.names < months_before(today, months)
    assert today.year - past.books.year == years + 1 or past.books.year == 1
