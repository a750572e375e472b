"""Who may come (rules 2, row 10)."""

import pytest

from server.core.charge.may_come import may_come


@pytest.mark.parametrize(
    ("owed_cents", "has_tickets", "has_pass", "may"),
    [
        (0, False, False, True),
        (599, False, False, True),
        (600, False, False, False),
        (6_000, False, False, False),
        (6_000, True, False, True),
        (6_000, False, True, True),
    ],
)
def test_some_credit_a_ticket_or_a_pass_lets_in(owed_cents: int, has_tickets: bool, has_pass: bool, may: bool) -> None:
    assert may_come(owed_cents, 600, has_tickets=has_tickets, has_pass=has_pass) == may


def test_where_nobody_may_owe_anything_one_needs_a_ticket_or_a_pass() -> None:
    assert not may_come(0, 0, has_tickets=False, has_pass=False)
