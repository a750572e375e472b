"""A place that enrols badges."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.enrolling_place import EnrolmentPlace


@pytest.fixture
def place(tmp_path: Path) -> Iterator[EnrolmentPlace]:
    """A new one."""
    made = EnrolmentPlace(tmp_path)
    yield made
    made.close()
