"""What a unit finds of its parts, in the language of the page."""

from typing import NamedTuple

from device.contract import findings
from device.contract.findings import PARTS
from device.contract.instant import Instant
from device.contract.state import Finding, State
from server.web.formats import moment
from server.web.texts import gettext as _

SINCE = "since"
"""The fact that is a moment."""


class ShownFinding(NamedTuple):
    """One part: what is found of it, and what to do where it is wrong."""

    part: str
    good: bool
    told: str
    cure: str


def shown_findings(state: State | None) -> list[ShownFinding] | None:
    """Each finding of the state, those that are wrong first; None where the unit says none."""
    if state is None or state.findings is None:
        return None
    return [_shown(found) for found in sorted(state.findings, key=lambda found: found.good)]


def _shown(found: Finding) -> ShownFinding:
    facts = found.facts | ({SINCE: _wall(found.facts[SINCE])} if SINCE in found.facts else {})
    said = Finding(part=found.part, good=found.good, code=found.code, facts=facts)
    part = _(PARTS.get(found.part, found.part))
    return ShownFinding(part, found.good, findings.told(said, _), findings.cure(said, _))


def _wall(since: str) -> str:
    """A moment on the place's wall; as it was said where it is none, for a unit without a clock knows none."""
    try:
        return moment(Instant.parse(since))
    except ValueError:
        return since
