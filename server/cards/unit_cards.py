"""The cards of a place's units, made by the running server: settings and identity at the moment they are asked for."""

from dataclasses import dataclass, field

from server.cards.card import CardSubject, MachineCard, unit_host
from server.cards.first_start import FirstStart
from server.cards.release import ReleaseFolder, own_release
from server.site.folder import SiteFolder
from server.site.settings import ServerSettings
from server.site.unit_card import USUAL_PROFILE, Readers, unit_files, unit_settings
from server.store.units.units import Unit


@dataclass(frozen=True)
class UnitWish:
    """How a unit's machine is built, and what network it joins."""

    readers: Readers = "both"
    profile: str = USUAL_PROFILE
    first_start: FirstStart = field(default_factory=FirstStart)


@dataclass(frozen=True)
class UnitCards:
    """`release` is what the cards install; None where this program was not installed from one."""

    site: SiteFolder
    settings: ServerSettings
    release: ReleaseFolder | None = field(default_factory=own_release)

    def make(self, unit: Unit, wish: UnitWish) -> MachineCard:
        """A card with a new identity: the broker refuses the former one from now on."""
        settings = unit_settings(self.settings, unit.name, unit.kind, unit.room, wish.readers, profile=wish.profile)
        subject = CardSubject("unit", unit_host(unit.name), unit_files(self.site, settings))
        return MachineCard(subject, self.release, wish.first_start)

    def shut_out(self, name: str) -> None:
        """The broker refuses the unit `name`, until `let_in`."""
        self.site.revoke_unit(name)

    def let_in(self, name: str) -> bool:
        """Takes back that a unit was shut out; False where its identity is gone, and a new card must be made."""
        return not self.settings.broker.tls or self.site.restore_unit(name)
