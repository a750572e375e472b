"""What carries a round of updates out: a thread of the server that looks, takes one step, and keeps it.

It asks one unit, waits until that says it does well under the new release, and asks the next; after a start of the
server it goes on where it was.
"""

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

from msgspec.structs import replace

from device.contract.channels import COMMAND
from device.contract.messages import Command
from device.contract.state import UpdateOutcome
from server.cards.release import own_release
from server.desk.context import ServerContext
from server.errors import Refusal
from server.site.folder import SiteFolder
from server.store.database import Database
from server.store.journal import answers
from server.store.units import units
from server.store.units.units import Unit
from server.updates import release, rounds
from server.updates.release import PackedRelease
from server.updates.rounds import RoundOrder, UnitStep, UnitUpdate, UpdateRound

log = logging.getLogger(__name__)

LOOK_S = 1.0
AGAIN = timedelta(minutes=1)
"""After this an order that was not answered is sent again, under its own number: the unit may have been restarted."""
FETCHED_WITHIN = timedelta(minutes=45)
TRIED_WITHIN = timedelta(hours=2)
"""Of a unit's machine: installing may take minutes on a slow card, and a door may take 10 to come to rest."""
STOP_S = 5


class UnitUpdater:
    """Looks each second, between `start` and `stop`; `opened` opens the books for reading."""

    def __init__(self, place: ServerContext, site: SiteFolder, opened: Callable[[], Database]) -> None:
        self._place, self._site, self._opened = place, site, opened
        self._packed: PackedRelease | None = None
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="updates", daemon=True)

    def start(self) -> None:
        """Begins to look; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ends; a round that is under way goes on at the next start."""
        self._stopping.set()
        self._thread.join(STOP_S)

    def look(self) -> None:
        """Takes the next step, if there is one to take."""
        known = rounds.read_round(self._site.folder)
        if known is not None and known.ended_at is None:
            self._go_on(known)
        elif (order := rounds.read_order(self._site.folder)) is not None:
            self._begin(order)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            try:
                self.look()
            except Exception:  # the top of the thread
                log.exception("an update goes no further for now")

    def _begin(self, order: RoundOrder) -> None:
        with self._opened() as db:
            try:
                chosen = rounds.in_order(units.every(db), order.units)
            except Refusal:  # removed since it was ordered
                chosen = []
        made = [UnitUpdate(unit=unit.name, kind=unit.kind) for unit in chosen]
        self._keep(UpdateRound(release=order.release, operator=order.operator, began_at=self._place.now(), units=made))
        rounds.take_back(self._site.folder)
        log.info("updates begin release=%s units=%d", order.release, len(made))

    def _go_on(self, known: UpdateRound) -> None:
        nth = next((nth for nth, each in enumerate(known.units) if each.step in rounds.UNDER_WAY), None)
        if nth is None or known.has_stopped:
            self._keep(replace(known, ended_at=self._place.now()))
            log.info("updates end release=%s stopped=%s", known.release, known.has_stopped)
            return
        before = known.units[nth]
        with self._opened() as db:
            after = self._stepped(before, known, db)
        if after != before:
            self._keep(replace(known, units=[*known.units[:nth], after, *known.units[nth + 1 :]]))
            log.info("update unit=%s step=%s why=%s", after.unit, after.step, after.why)

    def _stepped(self, each: UnitUpdate, known: UpdateRound, db: Database) -> UnitUpdate:
        try:
            unit = units.find(db, each.unit)
        except Refusal:  # removed meanwhile
            return replace(each, step="away")
        outcome = unit.state.update if unit.state else None
        if each.order and outcome is not None and outcome.order == each.order:
            return _ended(each, outcome)
        match each.step:
            case "waiting":
                return self._asked(each, unit, known, db)
            case "asked":
                return self._answered(each, known, db)
            case _:
                return self._or_silent(each, TRIED_WITHIN)

    def _asked(self, each: UnitUpdate, unit: Unit, known: UpdateRound, db: Database) -> UnitUpdate:
        """The unit is asked, unless there is no need or no use."""
        state = unit.state
        if state is None or not state.online:
            return replace(each, step="away")
        if state.release == known.release:
            return replace(each, step="current")
        if not state.updates:
            return replace(each, step="old")
        now = self._place.now()
        asked = replace(each, step="asked", order=f"u-{secrets.token_hex(8)}", asked_at=now)
        return self._sent(replace(asked, after=answers.newest_event(db)), known)

    def _answered(self, each: UnitUpdate, known: UpdateRound, db: Database) -> UnitUpdate:
        answer = answers.answer_to(db, each.order, after=each.after)
        if answer is None:
            is_due = each.sent_at is None or self._place.now() - each.sent_at >= AGAIN
            return self._or_silent(self._sent(each, known) if is_due else each, FETCHED_WITHIN)
        if not answer.ok:
            step: UnitStep = "current" if answer.error == "same" else "refused"
            return replace(each, step=step, why="" if step == "current" else answer.error)
        return replace(each, step="trying", asked_at=self._place.now())

    def _sent(self, each: UnitUpdate, known: UpdateRound) -> UnitUpdate:
        """The order on its way; while there is no line it waits."""
        place, now = self._place, self._place.now()
        packed = self._packed_as(known.release)
        if packed is None:
            return replace(each, step="refused", why="no_archive")
        if place.line.is_up:
            order = Command(
                id=each.order,
                kind="update",
                expires_at=now + AGAIN,
                by=known.operator,
                release=packed.id,
                sha256=packed.sha256,
                signature=release.signature_of(packed, self._site.authority),
                path=f"/release/{packed.id}",
                port=place.settings.web.port,
            )
            place.line.publish(COMMAND, each.unit, order)
            return replace(each, sent_at=now)
        return each

    def _packed_as(self, wanted: str) -> PackedRelease | None:
        """The archive of the round, packed now where it is this server's own release."""
        if self._packed is None or self._packed.id != wanted or not self._packed.path.exists():
            own = own_release()
            if own is not None and release.id_of(own.folder) == wanted:
                self._packed = release.packed(own.folder, self._site.folder)
            else:
                self._packed = release.packed_before(wanted, self._site.folder)
        return self._packed

    def _or_silent(self, each: UnitUpdate, within: timedelta) -> UnitUpdate:
        if each.asked_at is not None and self._place.now() - each.asked_at > within:
            return replace(each, step="silent")
        return each

    def _keep(self, made: UpdateRound) -> None:
        rounds.write_round(made, self._site.folder)
        self._place.feed.publish("unit")


def _ended(each: UnitUpdate, outcome: UpdateOutcome) -> UnitUpdate:
    step: UnitStep = "current" if outcome.why == "same" else outcome.result
    return replace(each, step=step, why="" if step == "current" else outcome.why)
