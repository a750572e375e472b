"""What needs a hand: each kind has its place, is shown by the page, and loses what was dismissed of it."""

from datetime import date
from pathlib import Path
from typing import get_args

import server.web
from server.desk.attention_items import AttentionItem
from server.desk.machine_items import BrokerAway, FireAlarm, MessagesSetAside
from server.desk.people_items import Debt, DebtsOfPresent

MONDAY = date(2026, 11, 23)
TEMPLATE = Path(server.web.__file__).parent / "templates" / "parts" / "matters.html"

DEBTS = DebtsOfPresent((Debt(1, "Aline", 300, MONDAY), Debt(2, "Paul", 450, MONDAY)))


def test_each_kind_has_a_name_of_its_own_and_is_shown_by_the_page() -> None:
    kinds = [item.kind for item in get_args(AttentionItem)]
    assert len(kinds) == len(set(kinds))
    template = TEMPLATE.read_text("utf-8")
    assert [kind for kind in kinds if f'item.kind == "{kind}"' not in template] == []


def test_fire_comes_before_everything_else() -> None:
    assert min(get_args(AttentionItem), key=lambda item: item.severity) is FireAlarm


def test_a_list_loses_the_entries_that_were_dismissed_and_is_gone_with_the_last() -> None:
    first, second = DEBTS.keys
    assert DEBTS.without({first}) == DebtsOfPresent(DEBTS.entries[1:])
    assert DEBTS.without({first, second}) is None
    assert DEBTS.without({"owes:3:2026-11-23:100"}) == DEBTS


def test_what_has_no_key_cannot_be_dismissed() -> None:
    assert BrokerAway().without(set()) == BrokerAway()
    assert BrokerAway().without({""}) == BrokerAway()


def test_another_message_set_aside_asks_for_a_hand_again() -> None:
    [key] = MessagesSetAside(3, 7).keys
    assert MessagesSetAside(3, 7).without({key}) is None
    assert MessagesSetAside(1, 8).without({key}) == MessagesSetAside(1, 8)
