"""Where each member stands: who is told to the doors as without credit is whom their balance says."""

from itertools import product
from typing import Any, get_args

import pytest

from device.contract.instant import Instant
from server.core.charge.passes import PAYING_KINDS, Cover
from server.store.accounts import standings
from server.store.accounts.standings import Balance
from server.store.database import Database
from server.store.people import members

NOW = Instant.parse("2026-11-23T08:14:05.000Z")
COVERS: tuple[Cover | None, ...] = (None, *get_args(Cover))
HELD: tuple[dict[str, Any], ...] = ({}, *({str(kind): 1} for kind in PAYING_KINDS))


@pytest.mark.parametrize("max_owed_cents", [0, 600])
def test_without_credit_are_those_who_may_not_come(db: Database, max_owed_cents: int) -> None:
    balances = [
        Balance(
            member=members.add(db, "Somebody", now=NOW).id,
            settled_at=NOW,
            owed_cents=owed_cents,
            golden=1,
            covered_by=covered_by,
            **held,
        )
        for owed_cents, held, covered_by in product((0, 599, 600), HELD, COVERS)
    ]
    standings.put(db, map(standings.standing_row, balances))
    stranger = members.add(db, "New", now=NOW).id
    expected = {each.member for each in balances if not each.may_come(max_owed_cents)}
    new = Balance(member=stranger, settled_at=NOW)
    expected |= set() if new.may_come(max_owed_cents) else {stranger}
    assert standings.without_credit(db, max_owed_cents) == expected
