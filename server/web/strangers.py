"""Names that nobody has, tried at the login: slowed down as real ones are, so that nothing tells them apart."""

from collections import OrderedDict
from threading import Lock

from device.contract.instant import Instant

REMEMBERED = 1_000


class Strangers:
    """How often each name was tried, the newest thousand names."""

    def __init__(self) -> None:
        self._tried: OrderedDict[str, tuple[int, Instant]] = OrderedDict()
        self._changing = Lock()

    def failures(self, name: str) -> tuple[int, Instant | None]:
        """How often that name was tried, and when last."""
        with self._changing:
            return self._tried.get(name, (0, None))

    def note(self, name: str, now: Instant) -> None:
        """It was tried again."""
        with self._changing:
            count, _ = self._tried.pop(name, (0, now))
            self._tried[name] = (count + 1, now)
            if len(self._tried) > REMEMBERED:
                self._tried.popitem(last=False)
