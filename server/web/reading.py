"""Books to read from: a few connections, lent to one request at a time, each seeing one state of the books."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from flask import Flask, current_app, g

from server.store.database import Database

EXTENSION = "poincon.reading"

KEPT = 8
"""Connections that stay open between requests; more are opened when they are asked for at once."""


class ReadConnections:
    """Lends connections for reading; `opened` gives a new one."""

    def __init__(self, opened: Callable[[], Database]) -> None:
        self._opened = opened
        self._idle: deque[Database] = deque()
        self._changing = Lock()

    def borrow(self) -> Database:
        """A connection that sees the books as they are now, until it is given back."""
        with self._changing:
            db = self._idle.popleft() if self._idle else None
        db = db or self._opened()
        db.execute("BEGIN")
        return db

    def give_back(self, db: Database) -> None:
        """Ends its view of the books."""
        if db.connection.in_transaction:  # SQLite itself ends one that met a broken disk
            db.execute("ROLLBACK")
        with self._changing:
            if len(self._idle) < KEPT:
                self._idle.append(db)
                return
        db.close()

    @contextmanager
    def view(self) -> Iterator[Database]:
        """A connection for as long as the block lasts."""
        db = self.borrow()
        try:
            yield db
        finally:
            self.give_back(db)

    def close(self) -> None:
        """Closes what is idle."""
        while self._idle:
            self._idle.popleft().close()


def lend_to(app: Flask, reading: ReadConnections) -> None:
    """Requests of `app` read through `reading`."""
    app.extensions[EXTENSION] = reading
    app.teardown_appcontext(_give_back)


def the_reading() -> ReadConnections:
    """Where the application of this request borrows from."""
    reading: ReadConnections = current_app.extensions[EXTENSION]
    return reading


def the_books() -> Database:
    """The books as this request sees them: as they were when it first asked."""
    if "db" not in g:
        g.db = the_reading().borrow()
    db: Database = g.db
    return db


def look_again() -> Database:
    """The books as they are now, after an order was carried out."""
    _give_back()
    return the_books()


def _give_back(_error: BaseException | None = None) -> None:
    db = g.pop("db", None)
    if db is not None:
        the_reading().give_back(db)
