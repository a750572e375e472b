"""What an order is carried out with, for tests that have neither the writer nor the command line."""

from device.contract.instant import Instant
from server.accounts.accounts import Accounts
from server.accounts.work import Work
from server.core.house_rules import HouseRules
from server.site.settings import ServerSettings
from server.store.database import Database


def work_at(
    now: Instant,
    db: Database,
    house: HouseRules,
    operator: str = "marie",
    *,
    settings: ServerSettings | None = None,
    accounts: Accounts | None = None,
) -> Work:
    """One order at `now`; what it looks up is remembered by nobody, unless `accounts` are those of a writer."""
    return Work(
        db=db,
        house=house,
        settings=settings or ServerSettings(),
        accounts=accounts or Accounts(db, house),
        now=now,
        operator=operator,
    )
