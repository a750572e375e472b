"""Badges enrolled, read, given new keys and wiped at a desk whose reader is lent, beside the bare exchanges of each.

Ours is what `poincon badge enrol` and the like do from when the badge is held to when the books are durable; bare are
the same frames over the same way (broker, unit, nfcpy), with nothing computed, looked up or written at either end.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from device.core.badge.apdu import Transceive
from device.simulation.maker import public_key
from server.accounts.work import Work
from server.cli.cli_context import CliContext
from server.cli.orders import work_on
from server.enrolment.badge_work import BadgeWork, T, work_of
from server.enrolment.card_order import CardOrder, act_of
from server.enrolment.card_session import STEPS, CardSessionState, Kind
from server.enrolment.lent_reader import HeldBadge, LentReader, new_session
from server.enrolment.session_run import Act, Begin, SessionRun
from server.mqtt import door_client
from server.site import folder as sites
from server.site.folder import SiteFolder
from server.site.settings import FILE_NAME
from tests.contract_client import now
from tests.live_place import LivePlace
from tests.performance import card_hand
from tests.performance.figures import Figure, figure, p50

ROUNDS = 8
WORK: dict[Kind, str] = {"enrol": "enrolled", "read": "read", "rekey": "given new keys", "wipe": "wiped"}
"""In this order: what is done last leaves a blank badge for the first."""
UNIT = "comptoir"
PUBLIC_URL = "https://poincon.example.org"
FOR_S = 60


class Exchange(NamedTuple):
    """A frame and its answer."""

    frame: bytes
    answer: bytes


class Timed(NamedTuple):
    """What was said to a badge, and in how many milliseconds."""

    exchanges: list[Exchange]
    millis: float


def measure(folder: Path) -> Iterator[Figure]:
    """Each beside its own bare exchanges, right after it."""
    with LivePlace(folder, people=1) as place, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as hand:
        place.add_unit(UNIT, "desk")
        place.broker.start()
        place.units[UNIT].start()
        place.units[UNIT].wait_for("ring")
        bench = Bench(with_address(place.site), place, hand)
        for product in card_hand.PRODUCTS:
            found: dict[Kind, list[tuple[Timed, Timed]]] = {kind: [] for kind in WORK}
            for _ in range(ROUNDS):
                for kind in WORK:
                    ours = bench.carried_out(product, kind)
                    found[kind].append((ours, bench.repeated(product, kind, ours.exchanges)))
            for kind, pairs in found.items():
                yield _of(f"{product} {WORK[kind]}", pairs)


def _of(name: str, pairs: list[tuple[Timed, Timed]]) -> Figure:
    exchanges = pairs[-1][0].exchanges
    there, back = (sum(map(len, said)) for said in zip(*exchanges, strict=True))
    beside = f"its {len(exchanges)} exchanges, {there} + {back} bytes, alone"
    ours, bare = ([timed.millis for timed in side] for side in zip(*pairs, strict=True))
    return figure(f"{name} at the desk, p50", p50(ours), "ms", floor=p50(bare), beside=beside)


def with_address(site: SiteFolder) -> SiteFolder:
    """The place with an address that badges can show."""
    settings = site.folder / FILE_NAME
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("[web]", f'[web]\npublic_url = "{PUBLIC_URL}"'), "utf-8")
    return sites.find(site.folder)


class Bench:
    """A desk, and the hand that holds cards to its reader."""

    def __init__(self, site: SiteFolder, place: LivePlace, hand: ProcessPoolExecutor) -> None:
        self._site, self._port, self._hand = site, place.units[UNIT].udp, hand

    def carried_out(self, product: str, kind: Kind) -> Timed:
        """Done with the card of that product."""
        around = CliContext(self._site.folder, now)
        with closing(around.open_database()) as db:

            def books(act: Callable[[Work], T]) -> T:
                with db.writing():
                    return act(work_on(db, around))

            def means() -> BadgeWork:
                return work_of(self._site, UNIT, books, makers=(public_key(),))

            return self._session(kind, act_of(means, CardOrder(kind, 1)), product, ())

    def repeated(self, product: str, kind: Kind, exchanges: list[Exchange]) -> Timed:
        """The same frames, to a card that gives the same answers."""

        def act(badge: HeldBadge, transceive: Transceive, begin: Begin) -> None:
            for step in STEPS[kind]:
                begin(step)
            for exchange in exchanges:
                transceive(exchange.frame)

        return self._session(kind, act, product, [exchange.answer for exchange in exchanges])

    def _session(self, kind: Kind, act: Act[T], product: str, answers: list[bytes] | tuple[()]) -> Timed:
        exchanges: list[Exchange] = []
        seconds: list[float] = []
        is_held: list[bool] = []

        def noted(badge: HeldBadge, transceive: Transceive, begin: Begin) -> T:
            def through(frame: bytes) -> bytes:
                answer = transceive(frame)
                exchanges.append(Exchange(frame, answer))
                return answer

            exchanges.clear()  # of one that was torn, on a busy machine
            began_s = time.perf_counter()
            outcome = act(badge, through, begin)
            seconds.append(time.perf_counter() - began_s)
            return outcome

        def show(state: CardSessionState) -> None:
            if not is_held:
                is_held.append(True)
                self._hand.submit(card_hand.hold, self._port, product, answers).result()

        with door_client.lending(self._site, UNIT, new_session()) as line:
            reader = LentReader(line, time.monotonic)
            run: SessionRun[T] = SessionRun(kind, FOR_S, reader, monotonic_s=time.monotonic, show=show)
            state = run.carry_through(lambda: noted, by="bench", now=now())
        self._hand.submit(card_hand.take_away).result()
        assert state.phase == "done", (product, kind, state)
        return Timed(exchanges, seconds[-1] * 1000)
