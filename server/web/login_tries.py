"""Wrong tries at the login, counted so that guessing is slow and nobody is kept out by somebody else's guesses.

Each address has its own pace, whatever names it tries; and each name has one, for all strangers. A name at which others
were wrong five times is tried in turns, and an address that was wrong there has its next turn a minute later, then two,
four and so on: its own mistakes alone make it wait longer, whatever others do meanwhile.
Who logged in before from this browser, or from this address, is counted apart: strangers who guess at their name do not
slow them. A try is counted when it begins, so that trying many at once gains nothing; a right one is taken off again.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from device.contract.instant import Instant
from server.web.login_throttle import FREE_TRIES, wait_after, wait_under_attack
from server.web.login_turns import LoginTurns

REMEMBERED = 10_000
"""Names, addresses and browsers: the newest."""
FORGOTTEN_AFTER_S = 3_600.0
"""How long an address is held to its wrong tries, and a name to those of strangers."""
CHECKED_AT_ONCE = 4
"""Of strangers; each check takes 64 MB and a core. Who was here before finds as many places again."""
BUSY_S = 2

Key = tuple[str, ...]


class Who(NamedTuple):
    """Who tries: under which name, from where, and by which browser, None where it is not known for that name."""

    name: str
    address: str
    browser: str | None = None


class Wrong(NamedTuple):
    """How often, and when last."""

    failures: int = 0
    failed_at: Instant | None = None


class TooSoon(Exception):
    """The try is not looked at for so many seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


@dataclass
class Try:
    """One try that is being looked at; `is_right` is for who looks to set."""

    who: Who
    is_right: bool = False
    counted: list[Key] = field(default_factory=list)


class LoginTries:
    """What was tried, in memory; `kept` is what the books have of a name, from before the start."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[Key, Wrong] = OrderedDict()
        self._came_from: OrderedDict[Key, None] = OrderedDict()
        self._looked_at: dict[str, bool] = {}
        self._turns = LoginTurns()
        self._changing = Lock()

    @contextmanager
    def trying(self, who: Who, now: Instant, kept: Wrong | None = None) -> Iterator[Try]:
        """A try for as long as the block lasts; raises `TooSoon` where it may not be made yet."""
        one = self._begin(who, now, kept or Wrong())
        try:
            yield one
        except BaseException:
            self._take_off(one, forget=False)
            raise
        finally:
            with self._changing:
                self._looked_at.pop(who.address, None)
        if one.is_right:
            self._take_off(one, forget=True)

    def _begin(self, who: Who, now: Instant, kept: Wrong) -> Try:
        with self._changing:
            own = self._own_key(who)
            if kept.failures:
                self._wrong.setdefault(("name", who.name), kept)
            keys = _keys(who) if own is None else (own,)
            wait_s = self._strangers_wait_s(who, now) if own is None else self._wait_s(own, now)
            if wait_s:
                raise TooSoon(wait_s)
            of_its_kind = sum(is_known == (own is not None) for is_known in self._looked_at.values())
            if who.address in self._looked_at or of_its_kind >= CHECKED_AT_ONCE:
                raise TooSoon(BUSY_S)
            for key in keys:
                self._wrong[key] = Wrong(self._wrong.pop(key, Wrong()).failures + 1, now)
            while len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)
            self._looked_at[who.address] = own is not None
            if own is None:
                self._turns.used(who.name, who.address, now)
            return Try(who, counted=list(keys))

    def _strangers_wait_s(self, who: Who, now: Instant) -> int:
        address, name, here = _keys(who)
        has_failed, wait_s = self._failed(address, now), self._wait_s(address, now)
        by_others = self._failures(name, now) - self._failures(here, now)
        if by_others >= FREE_TRIES:
            wait_s = max(wait_s, wait_under_attack(*self._wrong.get(here, Wrong()), now))
            return wait_s or self._turns.wait_s(who.name, who.address, now)
        return max(wait_s, self._wait_s(name, now)) if has_failed else wait_s

    def _own_key(self, who: Who) -> Key | None:
        if who.browser is not None:
            return ("browser", who.browser, who.name)
        came = ("from", who.address, who.name)
        return came if came in self._came_from else None

    def _failed(self, key: Key, now: Instant) -> bool:
        """Whether it did lately; what is long ago is forgotten."""
        failures, at = self._wrong.get(key, Wrong())
        if at is not None and (now - at).total_seconds() > FORGOTTEN_AFTER_S:
            del self._wrong[key]
            return False
        return failures > 0

    def _failures(self, key: Key, now: Instant) -> int:
        return self._wrong[key].failures if self._failed(key, now) else 0

    def _wait_s(self, key: Key, now: Instant) -> int:
        return wait_after(*self._wrong.get(key, Wrong()), now)

    def _take_off(self, one: Try, *, forget: bool) -> None:
        """Takes a try off what it was counted under; of who was right, all that is wrong of the name is forgotten.

        Of the address one is taken off and no more: who has a login could guess at another's between two of their own.
        """
        with self._changing:
            for key in one.counted:
                failures, at = self._wrong.pop(key, Wrong())
                if failures > 1 and not (forget and key[0] != "address"):
                    self._wrong[key] = Wrong(failures - 1, at)
            if forget:
                for key in [key for key in self._wrong if key[0] == "here" and key[2] == one.who.name]:
                    del self._wrong[key]
                self._came_from[("from", one.who.address, one.who.name)] = None
                if len(self._came_from) > REMEMBERED:
                    self._came_from.popitem(last=False)


def _keys(who: Who) -> tuple[Key, Key, Key]:
    """What a stranger is counted under: the address, the name, and that address at that name."""
    return ("address", who.address), ("name", who.name), ("here", who.address, who.name)
