"""Telling the pages that something changed."""

from threading import Thread

from server.publishing.changes import MAX_WAITING, ChangeFeed
from server.publishing.throttle import Throttle


def test_a_page_hears_what_it_listens_for_in_order() -> None:
    feed = ChangeFeed()
    page = feed.subscribe("occupancy", "tap")
    feed.publish("occupancy", b"1")
    feed.publish("fault")
    feed.publish("tap")
    assert [(ring.topic, ring.payload) for ring in page.wait(0)] == [("occupancy", b"1"), ("tap", b"")]
    assert page.wait(0) == []


def test_a_slow_page_keeps_the_newest() -> None:
    feed = ChangeFeed()
    page = feed.subscribe("tap")
    for nth in range(MAX_WAITING + 50):
        feed.publish("tap", str(nth).encode())
    heard = page.wait(0)
    assert (len(heard), heard[-1].payload) == (MAX_WAITING, str(MAX_WAITING + 49).encode())


def test_a_page_that_left_hears_nothing_more() -> None:
    feed = ChangeFeed()
    page = feed.subscribe("tap")
    feed.unsubscribe(page)
    feed.unsubscribe(page)
    feed.publish("tap")
    assert page.wait(0) == []


def test_a_waiting_page_is_woken() -> None:
    feed = ChangeFeed()
    page = feed.subscribe("tap")
    publisher = Thread(target=feed.publish, args=("tap",))
    publisher.start()
    assert [change.topic for change in page.wait(5)] == ["tap"]
    publisher.join()


def test_a_pace_is_kept() -> None:
    pace = Throttle(gap_s=1, refresh_s=60)
    assert pace.take(0)
    assert not pace.take(0.5)
    pace.wanted = True
    assert not pace.take(0.9)
    assert pace.take(1)
    assert not pace.take(60)
    assert pace.take(61)
    pace.again()
    assert pace.take(61.1)
