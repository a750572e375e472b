"""Each kind of ticket pays, and stands wherever the kinds are spelled out: as fields, as columns, in the database."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from device.contract.messages import Left
from server.core.charge.facts import ChargeCorrection, MemberFacts
from server.core.charge.passes import PAYING_KINDS, TICKET_KINDS, TicketKind
from server.core.charge.postings import NOTHING, PostedDay, Posting, day_postings
from server.core.charge.settlement import settle
from server.core.charge.ways_to_pay import Held
from server.store import schema
from server.store.accounts.standings import Balance
from tests.server.core.charge.member_days import MONDAY, TERMS, came, local, lots


@pytest.mark.parametrize("kind", PAYING_KINDS)
def test_one_ticket_pays_for_an_hour_and_is_debited(kind: TicketKind) -> None:
    account = settle(MemberFacts(days=came("9:00-9:50"), lots=lots(**{kind: 2})), TERMS, local("23:00"))
    charged = account.days[MONDAY]
    assert (charged.charge.took, charged.owed_cents, account.held[kind]) == ({kind: 1}, 0, 1)
    assert list(day_postings(MONDAY, NOTHING, PostedDay(charged))) == [Posting(MONDAY, "debit", kind, -1, lot=1)]


def test_tickets_in_hand_are_counted_in_the_order_of_the_kinds() -> None:
    assert Held._fields == PAYING_KINDS


def test_an_operator_can_charge_each_that_pays() -> None:
    assert tuple(field.name for field in fields(ChargeCorrection)) == (*PAYING_KINDS, "nomade", "owed_cents")


@pytest.mark.parametrize("kind", TICKET_KINDS)
def test_a_balance_and_a_receipt_tell_each(kind: TicketKind) -> None:
    assert kind in Balance.__struct_fields__
    assert kind in Left.__struct_fields__


def test_the_database_takes_each() -> None:
    written = Path(schema.__file__).with_name("schema.sql").read_text("utf-8")
    checks = re.findall(r"(?:kind|what) TEXT NOT NULL CHECK \(\w+ IN \(('hour'.*)\)\)", written)
    assert len(checks) == 3
    assert all(set(re.findall(r"\w+", check)) >= set(TICKET_KINDS) for check in checks)
