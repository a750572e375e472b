import pytest

from device.contract.channels import ACCESS_LIST, CHANNELS, COMMAND, EVENTS, OCCUPANCY, ROOM, match

CONTRACT = [
    ("unit/front/state", "unit", 1, True),
    ("unit/front/events", "unit", 1, False),
    ("unit/front/ack", "server", 1, False),
    ("unit/front/receipt", "server", 1, False),
    ("unit/front/access-list", "server", 1, True),
    ("unit/front/inside", "server", 1, True),
    ("unit/front/command", "server", 1, False),
    ("unit/front/card", "server", 1, False),
    ("unit/front/card-answer", "unit", 1, False),
    ("place/occupancy", "server", 1, True),
    ("place/hours", "server", 1, True),
    ("room/open-space/status", "server", 1, True),
]


@pytest.mark.parametrize(("path", "sender", "qos", "retained"), CONTRACT)
def test_the_table_of_the_contract(path, sender, qos, retained):
    address = match(f"poincon/v1/comptoir/{path}")
    assert address is not None
    channel = address.channel
    assert (channel.sender, channel.qos, channel.retained) == (sender, qos, retained)


def test_there_is_nothing_beside_the_table():
    assert len(CHANNELS) == len(CONTRACT)


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.path)
def test_a_topic_is_matched_back_to_what_made_it(channel):
    name = "front" if "*" in channel.path else ""
    assert match(channel.topic("comptoir", name)) == (channel, "comptoir", name)


def test_without_a_name_a_topic_is_a_filter_for_all():
    assert EVENTS.topic("comptoir") == "poincon/v1/comptoir/unit/+/events"
    assert OCCUPANCY.topic("comptoir") == "poincon/v1/comptoir/place/occupancy"


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "poincon/v1/comptoir/unit/front/event",
        "poincon/v2/comptoir/unit/front/events",
        "poincon/v1/Comptoir/unit/front/events",
        "poincon/v1/comptoir/unit/front/events/more",
        "poincon/v1/comptoir/unit/" + "a" * 33 + "/events",
        "poincon/v1/comptoir/unit/+/events",
        "poincon/v1/comptoir/unit/front/events\n",
        "poincon/v1/comptoir/room/x/state",
    ],
)
def test_any_other_topic_is_none_of_ours(topic):
    assert match(topic) is None


def test_only_a_list_may_be_large():
    assert [channel.limit for channel in CHANNELS if channel is not ACCESS_LIST] == [65_536] * (len(CHANNELS) - 1)
    assert ACCESS_LIST.limit == 4 * 1024 * 1024


def test_a_command_is_never_retained():
    assert not COMMAND.retained
    assert ROOM.retained
