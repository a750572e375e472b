"""What holds for every test: how examples are made up, and that nothing outlives the run."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.examples import IN_THE_SUITE
from tests.orphans import kill_with_us
from tests.snapshots import FOLDER, Snapshots

CALM = settings(deadline=None, max_examples=IN_THE_SUITE, suppress_health_check=[HealthCheck.too_slow])
"""No deadline, for a busy machine is no fault."""

settings.register_profile("suite", CALM, derandomize=True)
settings.register_profile("search", CALM, print_blob=True)
settings.register_profile("few", settings.get_profile("suite"), max_examples=10)
settings.load_profile(os.environ.get("EXAMPLES", "suite"))
"""`make test` tries the same examples everywhere: what is green here is green there; `make quick` a few of them.
`.ci/run` searches elsewhere each time: what it finds is printed with the `@reproduce_failure` that repeats it."""

LONG = ("browser", "system")
"""Folders whose files each take long."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--snapshot-update", action="store_true", help="write the snapshots anew instead of comparing")


@pytest.fixture
def snapshots(request: pytest.FixtureRequest) -> Snapshots:
    return Snapshots(request.path.parent / FOLDER, bool(request.config.getoption("--snapshot-update")))


def pytest_configure() -> None:
    """Also in each worker of pytest-xdist."""
    kill_with_us()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What mostly waits comes first: a file that a worker takes up last would keep all the others waiting."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)
