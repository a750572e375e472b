"""What a unit's link hears of, by the kind of unit."""

import pytest

from device.adapters.link import Link
from device.contract.channels import CARD, COMMAND, ROOM
from device.contract.unit_settings import ReaderSettings, UnitSettings, UnitSiteSettings

READERS = [ReaderSettings("entry", "udp")]


def heard_by(**settings):
    """The topics that the unit `one` subscribes to."""
    subscribed: list[str] = []

    def client(address, name, subscriptions, *more, **options):
        subscribed.extend(topic for topic, _ in subscriptions)

    Link(UnitSettings(UnitSiteSettings("place"), "one", **settings), lambda happening: None, lambda: 0.0, client=client)
    return subscribed


@pytest.mark.parametrize(
    ("settings", "hears"),
    [
        ({"kind": "desk", "readers": READERS}, True),
        ({"kind": "desk"}, False),
        ({"kind": "door", "readers": READERS}, False),
        ({"kind": "room", "readers": READERS, "room": "salon"}, False),
    ],
)
def test_only_a_desk_with_a_reader_hears_of_frames_for_a_badge(settings, hears):
    assert (CARD.topic("place", "one") in heard_by(**settings)) is hears


def test_every_unit_hears_its_orders_and_a_room_of_its_room():
    topics = heard_by(kind="room", room="salon")
    assert COMMAND.topic("place", "one") in topics
    assert ROOM.topic("place", "salon") in topics
