"""What a command's order is carried out with, and who gives it."""

import getpass

from server.accounts.accounts import Accounts
from server.accounts.work import Work
from server.cli.cli_context import CliContext
from server.site.rules_in_force import house_of
from server.store.database import Database


def work_on(db: Database, around: CliContext) -> Work:
    """One order of whoever types, now, by the rules and the settings of the place."""
    settings = around.site.settings
    house = house_of(db, settings)
    accounts = Accounts(db, house)
    return Work(db=db, house=house, settings=settings, accounts=accounts, now=around.now(), operator=the_operator())


def the_operator() -> str:
    """Who types: the name of the machine's user, which the books keep beside what was done."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no name for this user id
        return "poincon"
