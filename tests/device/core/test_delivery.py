import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from device.contract.messages import MAX_RUN
from device.core.delivery import WINDOW, Delivery, Stretch

RESEND_S = 10


def sent(delivery, now_s=0.0):
    """Everything that is due, and the delivery after it went out."""
    stretches = []
    while stretch := delivery.next_run():
        delivery = delivery.dispatched(stretch, now_s)
        stretches.append(stretch)
    return delivery, stretches


def test_nothing_is_sent_without_a_connection():
    assert Delivery(recorded=5).next_run() is None


def test_a_new_event_goes_at_once_though_others_are_not_acknowledged():
    delivery, first = sent(Delivery(recorded=1).opened())
    _, second = sent(delivery.noted(2))
    assert (first, second) == ([Stretch(1, 1)], [Stretch(2, 2)])


def test_a_months_outbox_goes_in_runs_of_two_hundred_and_eight_of_them_ahead():
    delivery, stretches = sent(Delivery(recorded=100_000).opened())
    assert stretches == [Stretch(1 + i * MAX_RUN, (i + 1) * MAX_RUN) for i in range(8)]
    _, more = sent(delivery.acknowledged(200, 1))
    assert more == [Stretch(WINDOW + 1, WINDOW + 200)]


def test_silence_sends_again_from_the_first_that_is_not_kept():
    delivery, _ = sent(Delivery(recorded=3).opened(), 0)
    delivery = delivery.acknowledged(1, 2)
    assert sent(delivery.timed_out(11.9, RESEND_S))[1] == []
    assert sent(delivery.timed_out(12, RESEND_S))[1] == [Stretch(2, 3)]


def test_silence_counts_from_the_first_that_nobody_answered():
    delivery, _ = sent(Delivery(recorded=1).opened(), 0)
    delivery, _ = sent(delivery.noted(2), 5)
    assert delivery.deadline_s(RESEND_S) == 10
    assert sent(delivery.timed_out(10, RESEND_S), 10)[1] == [Stretch(1, 2)]


def test_once_everything_is_kept_nothing_is_awaited():
    delivery, _ = sent(Delivery(recorded=3).opened(), 0)
    assert delivery.acknowledged(3, 1).deadline_s(RESEND_S) is None


def test_a_new_connection_sends_again():
    delivery, _ = sent(Delivery(recorded=3).opened(), 0)
    assert sent(delivery.acknowledged(2, 0).closed().opened())[1] == [Stretch(3, 3)]


def test_a_server_restored_from_a_backup_gets_again_what_it_lacks():
    delivery, _ = sent(Delivery(recorded=9, sent=9, kept=9).opened())
    delivery, _ = sent(delivery.noted(10))
    assert sent(delivery.acknowledged(4, 1))[1] == [Stretch(5, 10)]


def test_a_server_that_repeats_itself_lacks_what_comes_next_and_gets_it_at_once():
    delivery, _ = sent(Delivery(recorded=1).opened(), 0)
    delivery, _ = sent(delivery.noted(2), 1)
    delivery, again = sent(delivery.acknowledged(0, 1), 1)
    assert again == [Stretch(1, 2)]
    assert sent(delivery.acknowledged(0, 1), 1)[1] == [], "one answer to a server that repeats itself for each run"


@pytest.mark.parametrize(
    ("kept", "again"), [(5, Stretch(5, 5)), (4, Stretch(5, 5)), (3, Stretch(4, 5)), (0, Stretch(1, 5))]
)
def test_until_what_was_found_at_the_start_is_confirmed_nothing_beyond_it_goes(kept, again):
    delivery = Delivery(recorded=7, sent=kept, kept=kept, unconfirmed=5)
    assert delivery.known == 5
    delivery, stretches = sent(delivery.opened(), 0)
    assert stretches == [again]
    assert delivery.deadline_s(RESEND_S) == 10
    delivery, stretches = sent(delivery.timed_out(10, RESEND_S), 10)
    assert stretches == [again]
    delivery, stretches = sent(delivery.acknowledged(5, 11), 11)
    assert (delivery.unconfirmed, delivery.known, stretches) == (None, 7, [Stretch(6, 7)])


def test_an_acknowledgement_of_less_than_was_found_confirms_nothing():
    delivery, _ = sent(Delivery(recorded=7, sent=3, kept=3, unconfirmed=5).opened(), 0)
    delivery, stretches = sent(delivery.acknowledged(4, 1), 1)
    assert (delivery.unconfirmed, stretches) == (5, [])


def test_what_was_found_and_is_kept_is_not_sent_where_the_server_says_so_first():
    delivery = Delivery(recorded=5, sent=5, kept=5, unconfirmed=5).opened().acknowledged(5, 1)
    assert (delivery.next_run(), delivery.deadline_s(RESEND_S), delivery.went_back) == (None, None, False)


def test_once_what_was_found_is_confirmed_nothing_is_awaited():
    delivery, _ = sent(Delivery(recorded=5, sent=5, kept=5, unconfirmed=5).opened(), 0)
    assert delivery.acknowledged(5, 1).deadline_s(RESEND_S) is None


def test_after_a_silence_a_server_may_repeat_itself_once_more():
    delivery, _ = sent(Delivery(recorded=1).opened(), 0)
    delivery, _ = sent(delivery.acknowledged(0, 1), 1)
    delivery, _ = sent(delivery.timed_out(11, RESEND_S), 11)
    assert sent(delivery.acknowledged(0, 12), 12)[1] == [Stretch(1, 1)]


def test_each_time_that_the_server_got_further_it_may_repeat_itself_once_more():
    delivery, _ = sent(Delivery(recorded=3).opened(), 0)
    assert sent(delivery.acknowledged(0, 1), 1)[1] == [Stretch(1, 3)]
    delivery, _ = sent(delivery.acknowledged(0, 1).acknowledged(1, 2), 2)
    assert sent(delivery.acknowledged(1, 2), 2)[1] == [Stretch(2, 3)]


def test_a_restored_server_that_repeats_itself_is_answered_too():
    delivery, _ = sent(Delivery(recorded=9, sent=9, kept=9).opened().acknowledged(4, 1), 1)
    assert sent(delivery.acknowledged(4, 2), 2)[1] == [Stretch(5, 9)]


def test_before_anything_happened_and_after_the_line_broke_there_is_nothing_to_send():
    assert Delivery().opened().next_run() is None
    assert Delivery(recorded=3).opened().closed().next_run() is None


def test_an_acknowledgement_of_what_never_was_does_no_harm():
    delivery = Delivery(recorded=3).opened().acknowledged(99, 0)
    assert (delivery.kept, delivery.sent) == (3, 3)
    assert sent(delivery.noted(4))[1] == [Stretch(4, 4)]


class Exchange(RuleBasedStateMachine):
    """A unit and a server that keeps what follows on what it has, over a connection that loses messages and breaks."""

    def __init__(self):
        super().__init__()
        self.delivery, self.now_s = Delivery(), 0.0
        self.on_the_way, self.acks = [], []
        self.through = 0

    @rule(count=st.integers(1, 450))
    def events_happen(self, count):
        self.delivery = self.delivery.noted(self.delivery.recorded + count)

    @rule()
    def the_link_comes_up(self):
        self.delivery, self.on_the_way, self.acks = self.delivery.opened(), [], []

    @rule()
    def the_link_breaks(self):
        self.delivery, self.on_the_way, self.acks = self.delivery.closed(), [], []

    @rule()
    def what_is_due_is_sent(self):
        self.delivery, stretches = sent(self.delivery, self.now_s)
        self.on_the_way += stretches

    @precondition(lambda self: self.on_the_way)
    @rule(lost=st.booleans())
    def a_run_arrives_or_is_lost(self, lost):
        first, last = self.on_the_way.pop(0)
        if not lost:
            if first <= self.through + 1:
                self.through = max(self.through, last)
            self.acks.append(self.through)

    @precondition(lambda self: self.acks)
    @rule(lost=st.booleans())
    def an_ack_arrives_or_is_lost(self, lost):
        through = self.acks.pop(0)
        if not lost:
            self.delivery = self.delivery.acknowledged(through, self.now_s)

    @rule(seconds=st.floats(0, 30))
    def time_passes(self, seconds):
        self.now_s += seconds
        self.delivery = self.delivery.timed_out(self.now_s, RESEND_S)

    @invariant()
    def the_unit_never_believes_more_than_is_kept(self):
        assert self.delivery.kept <= self.through <= self.delivery.recorded
        asked = 0 if self.delivery.is_answered else 1
        assert self.delivery.kept - asked <= self.delivery.sent <= self.delivery.recorded

    def everything_on_the_way_arrives(self):
        self.what_is_due_is_sent()
        while self.on_the_way:
            self.a_run_arrives_or_is_lost(False)
        while self.acks:
            self.an_ack_arrives_or_is_lost(False)

    def teardown(self):
        """On a good line everything arrives in the end."""
        self.the_link_comes_up()
        for _ in range(self.delivery.recorded + 2):
            self.everything_on_the_way_arrives()
            if self.delivery.kept == self.delivery.recorded:
                break
        assert self.delivery.kept == self.through == self.delivery.recorded


TestExchange = Exchange.TestCase


class SecondServer(Exchange):
    """Now and then another server takes over, from a copy that lacks the last events, or never heard of this epoch."""

    @rule(lacks=st.integers(0, 600))
    def another_server_takes_over(self, lacks):
        self.the_link_breaks()
        self.through = max(0, self.through - lacks)

    @invariant()
    def the_unit_never_believes_more_than_is_kept(self):
        """It does, until the new server has said what it has; `teardown` sees to it that this comes about."""

    def teardown(self):
        """The last server has everything in the end, though it says something only where it is told something."""
        self.the_link_comes_up()
        for _ in range(self.delivery.recorded + 2):
            self.everything_on_the_way_arrives()
            if self.delivery.is_answered and self.delivery.kept == self.delivery.recorded:
                break
            self.time_passes(RESEND_S)
        assert self.through == self.delivery.recorded


TestSecondServer = SecondServer.TestCase


def test_a_new_connection_asks_a_server_that_may_be_another_one_what_it_has():
    delivery = Delivery(recorded=9, sent=9, kept=9).opened()
    delivery, asking = sent(delivery, 0)
    assert asking == [Stretch(9, 9)]
    assert sent(delivery.acknowledged(0, 1), 1)[1] == [Stretch(1, 9)]


def test_it_asks_until_it_is_answered_and_then_no_more():
    delivery, _ = sent(Delivery(recorded=9, sent=9, kept=9).opened(), 0)
    delivery, again = sent(delivery.timed_out(RESEND_S, RESEND_S), RESEND_S)
    assert again == [Stretch(9, 9)]
    answered = delivery.acknowledged(9, 11)
    assert (answered.next_run(), answered.deadline_s(RESEND_S)) == (None, None)


def test_a_server_that_speaks_first_is_not_asked():
    delivery = Delivery(recorded=9, sent=9, kept=9).opened().acknowledged(9, 0)
    assert (delivery.next_run(), delivery.deadline_s(RESEND_S)) == (None, None)


@given(st.integers(0, 5_000), st.integers(0, 5_000))
def test_a_run_is_never_longer_than_the_contract_allows(recorded, kept):
    kept = min(kept, recorded)
    for first, last in sent(Delivery(recorded=recorded, sent=kept, kept=kept).opened())[1]:
        assert 0 <= last - first < MAX_RUN
