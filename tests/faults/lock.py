"""The books held by somebody else, for any time, while taps, desks and the command line go on.

What was said of each order is compared with what is in the books at the end, when nobody holds them any more.
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Thread

from click.testing import CliRunner

from server.accounts.work import Work
from server.cli.program import poincon
from server.errors import NeverBegun, StillGoing
from server.site.folder import SiteFolder
from server.store import database
from server.store.damage import is_busy
from server.store.database import BUSY_TIMEOUT_S, Database, open_database
from server.store.journal import journal
from server.store.people import members
from tests.patience import Deadline
from tests.server.arrivals import passed, run_of
from tests.server.conftest import open_house
from tests.server.office import ANNES, Office

DESKS = 3
LONGEST_S, BUSY_S, PATIENCE_S = 0.6, 0.1, 0.25
"""The longest that the books are held; a writer waits less for them, and a desk less than a queue of writers."""
RESEND_S = 0.2

NOTHING, MAYBE, DONE = "nothing", "maybe", "done"


@dataclass
class Said:
    """What became of each name that somebody tried to add, as they were told."""

    of: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, fate: str) -> int:
        return sum(each == fate for each in self.of.values())


def lock_campaign(folder: Path, commands: int, seed: int) -> Said:
    """So many commands and at least as many orders and taps; raises `AssertionError` where something said is not so."""
    source, said = random.Random(seed), Said()
    command_line(folder, "init", str(folder / "place"))
    site, over = SiteFolder(folder / "place"), Event()
    with open_database(site.database_path) as db, quick_to_give_up():
        office = Office(db, open_house(), answer_within_s=PATIENCE_S, pause_s=0.01)
        office.keeper.start()
        threads = [Thread(target=hold, args=(site.database_path, random.Random(source.random()), over))]
        threads += [Thread(target=order, args=(office, nth, said, over)) for nth in range(DESKS)]
        for thread in threads:
            thread.start()
        for nth in range(commands):
            office.keeper.arrived(run_of(passed(nth / 10, ANNES), first=nth + 1))
            type_in(site, f"typed {nth}", said)
        over.set()
        for thread in threads:
            thread.join()
        send_again_until_kept(office, commands)
        office.keeper.stop()
        office.own.close()
        compare(db, said, commands)
    return said


def compare(db: Database, said: Said, taps: int) -> None:
    """What is there is what was said, each once."""
    names = [member.name for member in members.every(db)]
    assert not said.wrong, said.wrong
    for name, fate in said.of.items():
        times = names.count(name)
        assert times <= 1, f"{name} was added {times} times"
        assert fate != NOTHING or not times, f"{name}: nothing was changed, it was said, and it was"
        assert fate != DONE or times, f"{name}: done, it was said, and it is not there"
    assert [line.seq for line in journal.lines(db)] == list(range(1, taps + 1))


def hold(path: Path, source: random.Random, over: Event) -> None:
    """Somebody else's program: takes the books for a while, again and again."""
    with open_database(path) as db:
        while not over.wait(source.uniform(0.01, LONGEST_S)):
            try:
                with db.writing():
                    over.wait(source.uniform(0.0, LONGEST_S))
            except sqlite3.OperationalError as error:
                assert is_busy(error)


def _added(name: str, work: Work) -> members.Member:
    return members.add(work.db, name, now=work.now)


def order(office: Office, desk: int, said: Said, over: Event) -> None:
    """A desk: one order after the other."""
    nth = 0
    while not over.wait(0.01):
        name, nth = f"desk {desk}, {nth}", nth + 1
        try:
            office.keeper.order(partial(_added, name))
            said.of[name] = DONE
        except StillGoing:
            said.of[name] = MAYBE
        except (NeverBegun, sqlite3.OperationalError):
            said.of[name] = NOTHING


def type_in(site: SiteFolder, name: str, said: Said) -> None:
    """One command, and what its one line says."""
    status, told = command_line(site.folder, "member", "add", name)
    if status == 0:
        said.of[name] = DONE
    elif "nothing was changed" in told:
        said.of[name] = NOTHING
    else:
        said.wrong.append(told)


def command_line(folder: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(poincon, ["--lang", "en", "-C", str(folder), *words], prog_name="poincon")
    return done.exit_code, done.stderr


def send_again_until_kept(office: Office, taps: int) -> None:
    """As a unit does: from the first event that was not acknowledged on."""
    deadline = Deadline()
    while (through := max(office.acks(), default=0)) < taps:
        assert deadline.left_s > 0, f"acknowledged through {through} of {taps}"
        events = [passed(nth / 10, ANNES) for nth in range(through, min(taps, through + 200))]
        office.keeper.arrived(run_of(*events, first=through + 1))
        time.sleep(RESEND_S)


@contextmanager
def quick_to_give_up() -> Iterator[None]:
    """Connections that are opened meanwhile wait less than the usual five seconds."""
    database.BUSY_TIMEOUT_S = BUSY_S
    try:
        yield
    finally:
        database.BUSY_TIMEOUT_S = BUSY_TIMEOUT_S
