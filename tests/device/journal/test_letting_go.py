"""What the server has long kept leaves the unit's card: the file, its log, its free pages."""

from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from device.contract.messages import Ack, Alarm, Passage
from device.journal.journal import TURN_MS, Journal
from tests.device.world import ANNE, MONDAY_9

TURN_S = TURN_MS / 1_000
SECRET = ANNE.partition(":")[2].encode()


class Hands:
    """Both clocks of a unit, moved by hand."""

    def __init__(self) -> None:
        self.now_s, self.at = 1000.0, MONDAY_9

    def pass_hours(self, hours: float) -> None:
        self.now_s += hours * 3_600
        self.at += timedelta(hours=hours)


@pytest.fixture
def hands() -> Hands:
    return Hands()


def opened(folder: Path, hands: Hands, boot: str = "boot-1") -> Journal:
    numbers = count(1)
    return Journal(folder / "outbox.db", boot, lambda: f"{next(numbers):08x}", lambda: hands.now_s)


def passed(journal: Journal, times: int = 1) -> int:
    at = Passage(at=MONDAY_9, clock="synced", credential=ANNE, side="entry", by="badge")
    return journal.record([at] * times).seq


def acknowledged(journal: Journal, through: int) -> None:
    journal.connected(True)
    list(journal.due_runs(MONDAY_9, 1000.0))
    journal.acknowledged(Ack(epoch="00000001", through=through), 1000.0)


def live_through(journal: Journal, hands: Hands, hours: int) -> None:
    for _ in range(hours):
        hands.pass_hours(1)
        journal.let_go(hands.at, hands.now_s)


def on_the_card(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_a_day_after_the_server_had_them_no_byte_of_a_badge_is_on_the_card(tmp_path: Path, hands: Hands) -> None:
    journal = opened(tmp_path, hands)
    last = passed(journal, 300)
    acknowledged(journal, last)
    assert SECRET in on_the_card(tmp_path)
    live_through(journal, hands, 25)
    assert SECRET not in on_the_card(tmp_path)
    journal.close()
    assert SECRET not in on_the_card(tmp_path)


def test_for_most_of_a_day_a_restored_server_is_given_them_again(tmp_path: Path, hands: Hands) -> None:
    journal = opened(tmp_path, hands)
    acknowledged(journal, passed(journal, 3))
    live_through(journal, hands, 17)
    journal.acknowledged(Ack(epoch="00000001", through=0), hands.now_s)
    assert b"".join(journal.due_runs(hands.at, hands.now_s)).count(SECRET) == 3


def test_what_the_server_has_not_stays_however_long_it_takes(tmp_path: Path, hands: Hands) -> None:
    journal = opened(tmp_path, hands)
    passed(journal, 5)
    acknowledged(journal, 2)
    live_through(journal, hands, 24 * 30)
    assert journal.pending == 3
    assert on_the_card(tmp_path).count(SECRET) >= 3


def test_numbers_go_on_after_all_went(tmp_path: Path, hands: Hands) -> None:
    journal = opened(tmp_path, hands)
    acknowledged(journal, passed(journal, 5))
    live_through(journal, hands, 30)
    journal.close()
    again = opened(tmp_path, hands, "boot-2")
    assert not again.is_damaged
    assert again.record([Alarm(at=hands.at, clock="synced", alarm="held", active=True)]).seq == 6
    again.close()


def test_who_is_switched_off_every_evening_lets_go_all_the_same(tmp_path: Path, hands: Hands) -> None:
    journal = opened(tmp_path, hands)
    acknowledged(journal, passed(journal, 5))
    for day in range(6):
        acknowledged(journal, 5)
        live_through(journal, hands, 1)
        journal.close()
        hands.pass_hours(23)
        hands.now_s = 10.0  # another boot
        journal = opened(tmp_path, hands, f"boot-{day + 2}")
    assert SECRET not in on_the_card(tmp_path)
    journal.close()


def test_a_server_of_before_is_told_of_later_events_alone(tmp_path: Path, hands: Hands) -> None:
    journal = opened(tmp_path, hands)
    acknowledged(journal, passed(journal, 5))
    live_through(journal, hands, 30)
    seq = passed(journal)
    journal.acknowledged(Ack(epoch="00000001", through=2), hands.now_s)
    runs = list(journal.due_runs(hands.at, hands.now_s))
    assert seq == 6
    assert b"".join(runs).count(SECRET) == 1
    assert not journal.is_damaged
