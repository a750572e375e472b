"""Cards that were asked for and not downloaded yet: in memory alone, for a Wi-Fi password may be among them."""

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock

from device.contract.instant import Instant
from server.cards.unit_cards import UnitWish

KEPT = timedelta(minutes=30)


@dataclass
class CardWishes:
    """By the name of the unit; each is taken once."""

    _wishes: dict[str, tuple[Instant, UnitWish]] = field(default_factory=dict)
    _changing: Lock = field(default_factory=Lock)

    def keep(self, unit: str, wish: UnitWish, now: Instant) -> None:
        """Keeps the newest wish for the card of `unit`."""
        with self._changing:
            self._forget_old(now)
            self._wishes[unit] = now, wish

    def waits(self, unit: str, now: Instant) -> bool:
        """Whether the card of `unit` can still be downloaded."""
        with self._changing:
            self._forget_old(now)
            return unit in self._wishes

    def take(self, unit: str, now: Instant) -> UnitWish | None:
        """The wish, which is then gone; None where there is none."""
        with self._changing:
            self._forget_old(now)
            kept = self._wishes.pop(unit, None)
        return kept[1] if kept else None

    def _forget_old(self, now: Instant) -> None:
        for unit in [unit for unit, (at, _) in self._wishes.items() if now - at > KEPT]:
            del self._wishes[unit]
