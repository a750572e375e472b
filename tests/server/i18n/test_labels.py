"""Every code of the contract and of the books has its words."""

import typing
from typing import Any, get_args

import pytest

from device.contract import messages as contract
from server.core.charge.postings import EntryKind, What
from server.core.charge.time_used import HalfDay
from server.i18n import labels
from server.store.accounts.sales import PaidBy
from server.store.journal.faults import FaultKind
from server.store.people.badges import Ending
from server.store.people.operators import OperatorRole


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (labels.REASONS, contract.Reason),
        (labels.ALARMS, contract.AlarmName),
        (labels.PASSED, contract.Means),
        (labels.START_CAUSES, typing.get_type_hints(contract.Started)["cause"]),
        (labels.LEVELS, contract.Level),
        (labels.UNIT_KINDS, contract.UnitKind),
        (labels.PAYERS, contract.Payer),
        (labels.MEANS, PaidBy),
        (labels.ENTRY_KINDS, EntryKind),
        (labels.SET_ASIDE, FaultKind),
        (labels.ENDINGS, Ending),
        (labels.HALF_DAYS, HalfDay),
    ],
)
def test_every_code_has_its_words_and_nothing_else_has(table: dict[str, str], codes: Any) -> None:
    assert set(table) == set(get_args(codes))


def test_every_role_has_its_words() -> None:
    assert set(labels.ROLES) == {*get_args(contract.Role), *get_args(OperatorRole)}


def test_everything_that_is_counted_has_its_words() -> None:
    assert set(labels.AMOUNTS) == set(labels.KINDS_HELD) == set(get_args(What)) - {"cents", "resident"}
