"""Everybody who looks at the bench sees how things stand, and then what changes."""

from server.demo.event_stream import LINES_KEPT, MOST_SUBSCRIBERS, EventStream


def test_who_comes_late_sees_how_things_stand_and_the_story_so_far():
    events = EventStream()
    events.show("unit", "front", b"1")
    events.show("unit", "front", b"2")
    events.tell(b'"first"')
    subscriber = events.join()
    assert subscriber
    assert subscriber.wait(0) == [b"event: unit\ndata: 2\n\n", b'id: 1\nevent: story\ndata: "first"\n\n']


def test_a_slow_page_is_told_the_newest_picture_and_every_line_of_the_story():
    events = EventStream()
    subscriber = events.join()
    assert subscriber
    for nth in range(3):
        events.show("unit", "front", b"%d" % nth)
        events.tell(b'"line"')
    told = b"".join(subscriber.wait(0))
    assert (told.count(b"event: unit"), told.count(b"event: story")) == (1, 3)
    assert b"data: 2\n" in told


def test_what_is_as_it_was_is_not_told_again():
    events = EventStream()
    events.show("unit", "front", b"1")
    subscriber = events.join()
    assert subscriber
    subscriber.wait(0)
    events.show("unit", "front", b"1")
    assert subscriber.wait(0) == []


def test_a_page_that_comes_back_hears_only_what_it_missed_of_the_story():
    events = EventStream()
    for nth in range(LINES_KEPT + 10):
        events.tell(b"%d" % nth)
    subscriber = events.join(after=LINES_KEPT + 8)
    assert subscriber
    assert [frame.splitlines()[0] for frame in subscriber.wait(0)] == [b"id: 209", b"id: 210"]


def test_there_are_so_many_seats_and_one_that_is_left_is_free():
    events = EventStream()
    seats = [events.join() for _ in range(MOST_SUBSCRIBERS)]
    assert events.join() is None
    assert seats[0]
    events.leave(seats[0])
    assert events.join()


def test_at_the_end_a_seat_hears_the_rest_and_is_over():
    events = EventStream()
    subscriber = events.join()
    assert subscriber
    events.tell(b"1")
    subscriber.end()
    assert not subscriber.is_over
    assert len(subscriber.wait(0)) == 1
    assert subscriber.is_over
