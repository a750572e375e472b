"""What the writer of the books did since it started, and what it could not do."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from server.store.damage import is_damage

log = logging.getLogger(__name__)


@dataclass
class WriterStats:
    """What the writer did since the start, in figures.

    `disk_fault` is why nothing can be written now, `damage` what was ever found damaged: that stays until somebody puts
    a backup in its place. `stuck` has the topics whose next message can neither be kept nor set aside, and why.
    """

    kept: int = 0
    faults: int = 0
    dropped: int = 0
    transactions: int = 0
    failures: int = 0
    disk_fault: str = ""
    damage: str = ""
    stuck: dict[str, str] = field(default_factory=dict)
    lag_s: float = 0.0

    def note_disk_fault(self, error: Exception) -> None:
        """The file or the disk is at fault; the same fault again is not logged again."""
        if is_damage(error) and not self.damage:
            self.damage = str(error)
            log.error("the books are damaged, restore the backup error=%s", error)
        if str(error) != self.disk_fault:
            log.error("the books cannot be written error=%s", error)
        self.disk_fault = str(error)

    def goes_on(self, topics: Iterable[str]) -> None:
        """Messages of these topics were kept."""
        if self.stuck:
            for topic in topics:
                self.stuck.pop(topic, None)
