"""The running server's way to a lent reader, and to the books for who orders there."""

from collections.abc import Callable
from typing import Any

import pytest

from server.accounts.work import Work
from server.desk.card_line import DeskBooks
from server.errors import NeverBegun, Refusal, StillGoing
from server.store.damage import CommitFailed


class SilentOrders:
    """A writer that does not answer in time."""

    is_alive = True

    def __init__(self, error: Exception) -> None:
        self.error = error

    def order(self, act: Callable[[Work], Any], operator: str = "") -> Any:
        raise self.error


@pytest.mark.parametrize("error", [NeverBegun(), StillGoing(), CommitFailed("the disk")])
def test_books_that_do_not_answer_are_a_refusal_of_the_session(error: Exception) -> None:
    with pytest.raises(Refusal, match="books_silent"):
        DeskBooks(SilentOrders(error), "Marie")(lambda work: None)


def test_a_refusal_of_the_books_is_the_sessions_own() -> None:
    with pytest.raises(Refusal, match="badge_held_already"):
        DeskBooks(SilentOrders(Refusal("badge_held_already")), "Marie")(lambda work: None)
