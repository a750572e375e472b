"""Books of one's own, and moments and days to try them with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store.database import Books, make_books


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    with make_books(tmp_path / "books.sqlite3") as books:
        yield books
