"""Two machines with one card are told from one machine that starts again."""

from datetime import timedelta

import pytest

from device.contract.state import State
from server.ingest.twins import TOLD_FOR, TwinWatch
from tests.web_house import MONDAY_MORNING, WebHouse

ADDRESSES = {"a": "192.0.2.17", "b": "192.0.2.18"}


def state(begun: int, machine: str = "a") -> State:
    """What a machine says of itself that began so many seconds after the first."""
    return State(
        online=True,
        kind="door",
        version="1",
        since=MONDAY_MORNING.after(begun),
        outbox=0,
        list_version=1,
        clock="synced",
        address=ADDRESSES[machine],
        alarms=[],
        disk_free_mb=1,
    )


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        ([(0, "a"), (0, "a"), (0, "a")], ()),
        ([(0, "a"), (60, "a"), (120, "a"), (180, "b")], ()),
        ([(0, "a"), (60, "b"), (0, "a")], ("192.0.2.17", "192.0.2.18")),
        ([(0, "a"), (60, "b"), (90, "b"), (0, "a")], ("192.0.2.17", "192.0.2.18")),
        ([(60, "a"), (0, "a"), (60, "a")], ("192.0.2.17",)),
        ([*((nth, "a") for nth in range(20)), (0, "a")], ()),
    ],
)
def test_a_beginning_that_comes_back_is_of_a_second_machine(
    heard: list[tuple[int, str]], told: tuple[str, ...]
) -> None:
    watch = TwinWatch()
    for begun, machine in heard:
        watch.hear("front", state(begun, machine), MONDAY_MORNING)
        watch.hear("back", state(begun), MONDAY_MORNING) if machine == "a" and begun == 0 else None
        watch.hear("front", State(online=False), MONDAY_MORNING)
    assert watch.seen(MONDAY_MORNING) == ({"front": told} if told else {})


def test_it_is_told_until_they_were_silent_for_ten_minutes() -> None:
    watch = TwinWatch()
    for begun in (0, 60, 0):
        watch.hear("front", state(begun), MONDAY_MORNING)
    assert watch.seen(MONDAY_MORNING + TOLD_FOR - timedelta(seconds=1))
    assert not watch.seen(MONDAY_MORNING + TOLD_FOR)


def test_the_desk_is_told_of_both_machines(tmp_path) -> None:
    house = WebHouse(tmp_path)
    house.operator("Marie")
    house.door("front")
    for machine in ("b", "a", "b"):
        began = house.now.after(0 if machine == "a" else 60)
        house.says("front", since=began, address=ADDRESSES[machine])
    page = house.desk("Marie").page("/")
    assert "deux appareils ont la carte" in page
    assert "192.0.2.17, 192.0.2.18" in page
    house.close()
