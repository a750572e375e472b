"""What a command finds around it: the folder of the place, the books, the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from device.contract.instant import Instant
from server.site import folder as sites
from server.site.folder import SiteFolder
from server.store.database import Database, open_database


@dataclass(frozen=True)
class CliContext:
    """The folder that was named, whether or not it has a place yet, and a clock."""

    folder: Path
    clock: Callable[[], Instant]
    opened: list[Database] = field(default_factory=list)
    """The books that the command has opened so far."""

    @cached_property
    def site(self) -> SiteFolder:
        """The place; raises `Refused` where the folder has none, `SettingsFault` where its settings are wrong."""
        found = sites.find(self.folder)
        _ = found.settings  # before anything is done
        return found

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the place."""
        return ZoneInfo(self.site.settings.site.timezone)

    def open_database(self) -> Database:
        """The books of the place, to be closed by who asked (`with`)."""
        db = open_database(self.site.database_path)
        self.opened.append(db)
        return db

    @property
    def has_changed(self) -> bool:
        """Whether the command has kept anything in the books so far."""
        return any(db.commits for db in self.opened)

    def now(self) -> Instant:
        """What the clock says."""
        return self.clock()

    def today(self) -> date:
        """The date on the place's wall."""
        return self.now().astimezone(self.zone).date()

    def wall(self, at: Instant) -> str:
        """A moment as the place's wall shows it, to the minute."""
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def wall_to_the_second(self, at: Instant) -> str:
        """A moment as the place's wall shows it, to the second."""
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")


pass_surroundings = click.make_pass_decorator(CliContext)
