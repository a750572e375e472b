"""Amounts as people type them: read as they are meant, or not at all."""

import pytest

from server.web.numbers import cents_of

AMOUNTS = {
    "6": 600,
    "4,50": 450,
    "4.5": 450,
    "4,50 €": 450,
    "4,50\u00a0€": 450,
    "4,50€": 450,
    "€4.50": 450,
    "4€50": 450,
    "0€50": 50,
    "15€00": 1_500,
    "4 € 50": 450,
    "1 000,50": 100_050,
    "1\u202f000 €": 100_000,
    "12 345": 1_234_500,
    " 7 ": 700,
}
NONE = (
    "",
    "€",
    "4€5",
    "1€5",
    "4€500",
    "4,5,0",
    "1 00",
    "10 00",
    "-4",
    "+4",
    "4,505",
    "1e3",
    "٤",
    "4 50",
    "4€50€",
    "NaN",
)


@pytest.mark.parametrize(("text", "cents"), AMOUNTS.items())
def test_an_amount_is_read_as_it_is_meant(text: str, cents: int) -> None:
    assert cents_of(text) == cents


@pytest.mark.parametrize("text", NONE)
def test_what_could_be_two_amounts_is_none(text: str) -> None:
    assert cents_of(text) is None
