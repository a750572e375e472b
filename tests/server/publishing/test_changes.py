"""Telling the pages that something changed."""

from threading import Thread

from server.publishing.changes import MAX_WAITING, Bell
from server.publishing.throttle import Pace


def test_a_page_hears_what_it_listens_for_in_order() -> None:
    bell = Bell()
    page = bell.listen("occupancy", "tap")
    bell.ring("occupancy", b"1")
    bell.ring("fault")
    bell.ring("tap")
    assert [(ring.topic, ring.payload) for ring in page.wait(0)] == [("occupancy", b"1"), ("tap", b"")]
    assert page.wait(0) == []


def test_a_slow_page_keeps_the_newest() -> None:
    bell = Bell()
    page = bell.listen("tap")
    for nth in range(MAX_WAITING + 50):
        bell.ring("tap", str(nth).encode())
    heard = page.wait(0)
    assert (len(heard), heard[-1].payload) == (MAX_WAITING, str(MAX_WAITING + 49).encode())


def test_a_page_that_left_hears_nothing_more() -> None:
    bell = Bell()
    page = bell.listen("tap")
    bell.leave(page)
    bell.leave(page)
    bell.ring("tap")
    assert page.wait(0) == []


def test_a_waiting_page_is_woken() -> None:
    bell = Bell()
    page = bell.listen("tap")
    ringer = Thread(target=bell.ring, args=("tap",))
    ringer.start()
    assert [ring.topic for ring in page.wait(5)] == ["tap"]
    ringer.join()


def test_a_pace_is_kept() -> None:
    pace = Pace(gap_s=1, refresh_s=60)
    assert pace.take(0)
    assert not pace.take(0.5)
    pace.wanted = True
    assert not pace.take(0.9)
    assert pace.take(1)
    assert not pace.take(60)
    assert pace.take(61)
    pace.again()
    assert pace.take(61.1)
