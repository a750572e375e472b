"""What an order is carried out with: the books, the rules in force, the settings, the instant, and who ordered."""

from dataclasses import dataclass, field
from datetime import date

from device.contract.instant import Instant
from server.accounts.accounts import AccountChange, Accounts
from server.core.charge.settlement import Account
from server.core.house_rules import HouseRules
from server.site.settings import ServerSettings
from server.store.accounts.ledger import Cause
from server.store.database import Database


@dataclass(frozen=True, kw_only=True)
class Work:
    """One order of an operator or of the clock, for the thread that has `db`. Made anew for each, by the writer or by
    the command line.

    `accounts` is the one instance of whoever made it; its cache is dropped once the order's transaction is rolled back.
    """

    db: Database
    house: HouseRules
    settings: ServerSettings
    accounts: Accounts
    now: Instant
    operator: str = ""
    """Who ordered; empty for the clock, and for who is not logged in yet."""
    changes: list[AccountChange] = field(default_factory=list)
    """What it has changed of members' accounts so far."""

    @property
    def today(self) -> date:
        """The date on the place's wall."""
        return self.house.day_of(self.now)

    def account(self, member: int) -> Account:
        """A member's account as it stands now."""
        return self.accounts.account(member, self.now)

    def bring_up(self, member: int, since: date, cause: Cause) -> Account:
        """Posts what follows from a change to what is known of a member's dates from `since` on."""
        change = self.accounts.bring_up(member, since, cause, self.now)
        self.changes.append(change)
        return change.account
