"""Card sessions by the form that began them: a form that is sent again, by whatever hand, begins nothing anew."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

MOST_KEPT = 200


@dataclass
class BegunSessions:
    """In memory alone, as the sessions are."""

    _sessions: dict[str, str] = field(default_factory=dict)
    _beginning: Lock = field(default_factory=Lock)

    def once(self, form: str, begin: Callable[[], str]) -> tuple[str, bool]:
        """The session that the form began, and whether it is `begin` that just did; raises what that raises."""
        with self._beginning:
            known = self._sessions.get(form)
            if known is not None:
                return known, False
            session = begin()
            if form:
                self._sessions[form] = session
                for oldest in list(self._sessions)[: len(self._sessions) - MOST_KEPT]:
                    del self._sessions[oldest]
            return session, True
