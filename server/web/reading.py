"""Books to read from: a few connections, lent to one request at a time, each seeing one state of the books."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from flask import Flask, current_app, g

from server.store.database import Books

EXTENSION = "poincon.reading"

KEPT = 8
"""Connections that stay open between requests; more are opened when they are asked for at once."""


class Reading:
    """Lends connections for reading; `opened` gives a new one."""

    def __init__(self, opened: Callable[[], Books]) -> None:
        self._opened = opened
        self._idle: deque[Books] = deque()
        self._changing = Lock()

    def borrow(self) -> Books:
        """A connection that sees the books as they are now, until it is given back."""
        with self._changing:
            books = self._idle.popleft() if self._idle else None
        books = books or self._opened()
        books.execute("BEGIN")
        return books

    def give_back(self, books: Books) -> None:
        """Ends its view of the books."""
        if books.connection.in_transaction:  # SQLite itself ends one that met a broken disk
            books.execute("ROLLBACK")
        with self._changing:
            if len(self._idle) < KEPT:
                self._idle.append(books)
                return
        books.close()

    @contextmanager
    def view(self) -> Iterator[Books]:
        """A connection for as long as the block lasts."""
        books = self.borrow()
        try:
            yield books
        finally:
            self.give_back(books)

    def close(self) -> None:
        """Closes what is idle."""
        while self._idle:
            self._idle.popleft().close()


def lend_to(app: Flask, reading: Reading) -> None:
    """Requests of `app` read through `reading`."""
    app.extensions[EXTENSION] = reading
    app.teardown_appcontext(_give_back)


def the_reading() -> Reading:
    """Where the application of this request borrows from."""
    reading: Reading = current_app.extensions[EXTENSION]
    return reading


def the_books() -> Books:
    """The books as this request sees them: as they were when it first asked."""
    if "books" not in g:
        g.books = the_reading().borrow()
    books: Books = g.books
    return books


def look_again() -> Books:
    """The books as they are now, after an order was carried out."""
    _give_back()
    return the_books()


def _give_back(_error: BaseException | None = None) -> None:
    books = g.pop("books", None)
    if books is not None:
        the_reading().give_back(books)
