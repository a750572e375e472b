"""A badge looked at before anything is done to it: what it is, what it holds, what the books know of it."""

from typing import NamedTuple

from device.core.badge.apdu import Transceive
from device.core.badge.errors import OtherCard
from device.core.badge.identification import TELEPHONE, Product, identify
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.reading import Reading, read
from server.accounts.work import Work
from server.enrolment.badge_work import BadgeOutcome, BadgeWork
from server.enrolment.lent_reader import HeldBadge
from server.errors import Refusal
from server.store.people import badge_keys, badges, enrolment_numbers, members
from server.store.people.badge_keys import BadgeKeys
from server.store.people.badges import BadgeAssignment


class KnownBadge(NamedTuple):
    """What the books know of a badge: its keys, who holds it, and their name."""

    keys: BadgeKeys | None
    holding: BadgeAssignment | None
    name: str | None
    is_numbered: bool = False
    """Whether it shows the number of its enrolment: one from before they were shown has the version in its place."""
    has_keys_of_ours: bool = False
    """Whether it was enrolled here and not wiped since, or is held as a badge with keys: what shows its number and has
    no keys is a copy.
    """


class SeenBadge(NamedTuple):
    """A badge with keys, and all that is known of it; it holds `held`, None where its keys are those of others.

    `shown` is the number of its enrolment, as it shows it. Where it can prove nothing: `version_over` is the version of
    the keys that it was given last, if that is over; `version_missing` one that it shows, newer than the place has any.
    """

    uid: bytes
    product: Product
    is_genuine: bool
    held: Keys | None
    known: KnownBadge
    shown: int | None = None
    version_over: int | None = None
    version_missing: int | None = None

    @property
    def identity(self) -> str:
        """Its UID as the books write it."""
        return self.uid.hex().upper()

    @property
    def credential(self) -> str:
        """By what doors know it."""
        return f"{self.product.scheme}:{self.identity}"

    @property
    def is_blank(self) -> bool:
        """Whether it is as its maker made it."""
        return self.held is not None and self.held.version == FACTORY.version and not self.is_under_way

    @property
    def is_false(self) -> bool:
        """Whether it shows the number of a badge that holds keys of ours, and holds none of them: perhaps a copy."""
        known = self.known.keys
        if known is None or known.may_be_blank or self.version_over or self.version_missing:
            return False
        return self.held is None or self.held.version == FACTORY.version

    def outcome(self, what: str, key_version: int | None, present: int) -> BadgeOutcome:
        """What a session with it came to; it holds `key_version` now, and is whose it was."""
        holding = self.known.holding
        return BadgeOutcome(
            what=what,
            credential=self.credential,
            product=self.product.name,
            member=None if holding is None else holding.member,
            name=self.known.name,
            key_version=key_version,
            present_version=present,
            is_genuine=self.is_genuine,
        )

    @property
    def is_under_way(self) -> bool:
        """Whether it was left half done."""
        return self.known.keys is not None and self.known.keys.next_version is not None


def identified(badge: HeldBadge, transceive: Transceive) -> Product:
    """What the badge is; raises `Refusal` for a telephone, `OtherCard` for any other that keys cannot be given to."""
    try:
        return identify(transceive, badge.uid, badge.sak)
    except OtherCard as other:
        if other.product != TELEPHONE:
            raise
        credential = f"uid:{badge.uid.hex().upper()}"
        raise Refusal("badge_is_telephone", field="credential", credential=credential) from None


def looked_at(work: BadgeWork, badge: HeldBadge, transceive: Transceive, product: Product) -> SeenBadge:
    """The badge by what it answers and by the books."""
    known = known_badge(work, badge.uid.hex().upper())
    candidates = work.held(badge.uid, known.keys)
    reading: Reading = read(transceive, badge.uid, product, candidates, work.random, work.makers)
    last = known.keys.key_version if known.keys is not None and reading.held is None else None
    return SeenBadge(
        badge.uid,
        product,
        reading.genuine,
        reading.held,
        known,
        shown=reading.enrolment,
        version_over=last if last and work.site_keys.of(last) is None else None,
        version_missing=reading.version if last and (reading.version or 0) > work.site_keys.present else None,
    )


def fit_to_write(seen: SeenBadge) -> SeenBadge:
    """The badge again; raises `Refusal` for a copy, and for one whose keys are those of others or are over.

    One of ours that was made blank elsewhere looks like a copy, and stays refused: written down as blank without a
    proof, the next that shows its number would be given the keys which the real one may still hold.
    """
    if not seen.is_genuine:
        raise Refusal("badge_not_original")
    if seen.version_missing:
        raise Refusal("key_version_missing", version=seen.version_missing)
    if seen.version_over:
        raise Refusal("key_version_over", version=seen.version_over)
    if seen.is_false:
        raise Refusal("badge_not_authentic")
    if seen.held is None and not seen.is_under_way:
        raise Refusal("badge_of_strangers")
    return seen


def known_badge(work: BadgeWork, identity: str) -> KnownBadge:
    """What the books know of the badge with that ID."""

    def look_up(books: Work) -> KnownBadge:
        holding = badges.holding(books.db, identity)
        name = None if holding is None else members.find(books.db, holding.member).name
        credential = f"uid:{identity}"
        has_keys = badges.by_its_keys(books.db, credential) != credential
        keys = badge_keys.of(books.db, identity)
        is_numbered = keys is not None and enrolment_numbers.is_noted(books.db, identity, keys.enrolment)
        return KnownBadge(keys, holding, name, is_numbered, has_keys)

    return work.books(look_up)
