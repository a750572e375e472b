"""Everybody who looks at the bench sees how things stand, and then what changes."""

from server.demo.event_stream import MOST_SEATS, STORY_KEPT, Audience


def test_who_comes_late_sees_how_things_stand_and_the_story_so_far():
    audience = Audience()
    audience.show("unit", "front", b"1")
    audience.show("unit", "front", b"2")
    audience.tell(b'"first"')
    seat = audience.join()
    assert seat
    assert seat.wait(0) == [b"event: unit\ndata: 2\n\n", b'id: 1\nevent: story\ndata: "first"\n\n']


def test_a_slow_page_is_told_the_newest_picture_and_every_line_of_the_story():
    audience = Audience()
    seat = audience.join()
    assert seat
    for nth in range(3):
        audience.show("unit", "front", b"%d" % nth)
        audience.tell(b'"line"')
    told = b"".join(seat.wait(0))
    assert (told.count(b"event: unit"), told.count(b"event: story")) == (1, 3)
    assert b"data: 2\n" in told


def test_what_is_as_it_was_is_not_told_again():
    audience = Audience()
    audience.show("unit", "front", b"1")
    seat = audience.join()
    assert seat
    seat.wait(0)
    audience.show("unit", "front", b"1")
    assert seat.wait(0) == []


def test_a_page_that_comes_back_hears_only_what_it_missed_of_the_story():
    audience = Audience()
    for nth in range(STORY_KEPT + 10):
        audience.tell(b"%d" % nth)
    seat = audience.join(after=STORY_KEPT + 8)
    assert seat
    assert [frame.splitlines()[0] for frame in seat.wait(0)] == [b"id: 209", b"id: 210"]


def test_there_are_so_many_seats_and_one_that_is_left_is_free():
    audience = Audience()
    seats = [audience.join() for _ in range(MOST_SEATS)]
    assert audience.join() is None
    assert seats[0]
    audience.leave(seats[0])
    assert audience.join()


def test_at_the_end_a_seat_hears_the_rest_and_is_over():
    audience = Audience()
    seat = audience.join()
    assert seat
    audience.tell(b"1")
    seat.end()
    assert not seat.is_over
    assert len(seat.wait(0)) == 1
    assert seat.is_over
