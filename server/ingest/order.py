"""An order of the desk to the one that writes the books, and what becomes of it."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Generic, TypeVar

from server.accounts.work import Work
from server.errors import NeverBegun, StillGoing

T = TypeVar("T")


class Order(Generic[T]):
    """`act`, to be done on the books in a transaction of its own, as `operator` ordered. Who gave it waits on one
    thread, it is done on another.
    """

    def __init__(self, act: Callable[[Work], T], operator: str) -> None:
        self.act, self.operator = act, operator
        self._result: Future[T] = Future()

    def result_within(self, patience_s: float) -> T:
        """What `act` gave back; raises what it raised.

        Where it was not come to in time it is taken back (`NeverBegun`); one that runs already cannot be, and may come
        about yet (`StillGoing`).
        """
        wait([self._result], patience_s)
        if self._result.cancel():
            raise NeverBegun("the books did not come to the order in time")
        if not self._result.done():
            raise StillGoing("the books are at the order still")
        return self._result.result()

    def begin(self) -> bool:
        """Whether it may be carried out; from then on it cannot be taken back."""
        return self._result.set_running_or_notify_cancel()

    def set_result(self, result: T) -> None:
        """It is done, and durable."""
        self._result.set_result(result)

    def set_exception(self, error: Exception) -> None:
        """It is not done."""
        self._result.set_exception(error)
