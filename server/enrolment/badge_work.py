"""What is done to a badge is done with this: the keys of the place, its books, and where it happens."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from msgspec import Struct

from device.core.badge.address import ndef_of
from device.core.badge.apdu import Random
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.originality import NXP_PUBLIC_KEYS
from server.accounts.work import Work
from server.core.doors.key_diversification import badge_keys
from server.errors import Refusal
from server.site.badge_keys import SiteKeys
from server.site.folder import SiteFolder
from server.store.people.badge_keys import BadgeKeys

T = TypeVar("T")


class Books(Protocol):
    """The books of the place, for one who orders."""

    def __call__(self, act: Callable[[Work], T], /) -> T:
        """What `act` gave back, once it is durable; raises what it raised, and nothing of it is kept then."""


@dataclass(frozen=True, kw_only=True)
class BadgeWork:
    """What a badge is written with. `site` is the place's id, `unit` where the reader is, `address` what the file with
    the badge's own address holds, empty where it gets none; `may_be_copied`: cards without keys are given out too.
    """

    site: str
    site_keys: SiteKeys
    books: Books
    unit: str
    random: Random
    makers: Sequence[bytes]
    address: bytes = b""
    may_be_copied: bool = True

    def keys(self, uid: bytes, version: int, enrolment: int | None) -> Keys:
        """All slots of a badge under a version of the site's key; raises `Refusal` where that version is over."""
        if version == FACTORY.version:
            return FACTORY
        site_key = self.site_keys.of(version)
        if site_key is None:
            raise Refusal("key_version_over", version=version)
        return badge_keys(site_key, uid, enrolment or 0, self.site, version)

    def held(self, uid: bytes, known: BadgeKeys | None, shown: int | None = None) -> list[Keys]:
        """The key sets that a badge may hold, the likeliest first; `shown` is its enrolment's number, as it says.

        Behind what the books say stands what each of the site's keys comes to with that number: the books may be a copy
        from before the badge was written. A badge that holds keys of ours for certain is none that looks blank: else
        who passes frames on could show a blank one in its place, and be given its keys.
        """
        by_itself = [(version, shown) for version in sorted(self.site_keys.by_version, reverse=True)]
        if known is None:
            return [FACTORY, *(self.keys(uid, version, number) for version, number in by_itself)]
        now, coming = (known.key_version, known.enrolment), (known.next_version, known.next_enrolment)
        sets = [
            self.keys(uid, version, enrolment)
            for version, enrolment in dict.fromkeys((now, coming, *by_itself))
            if version and self.site_keys.of(version) is not None
        ]
        if not known.may_be_blank:
            return sets
        return [*sets, FACTORY] if known.key_version else [FACTORY, *sets]


class BadgeOutcome(Struct, frozen=True, kw_only=True):
    """What a session came to, for people: `what` is the code of its words.

    `member` and `name` are whose the badge is, `None` where nobody's; `key_version` is that of its keys, 0 where it is
    blank, None where it holds keys of others or has none; `is_genuine` is None where it cannot be told.
    """

    what: str
    credential: str
    product: str
    member: int | None = None
    name: str | None = None
    key_version: int | None = None
    present_version: int | None = None
    is_genuine: bool | None = None
    is_copyable: bool = False
    is_under_way: bool = False


def work_of(
    site: SiteFolder,
    unit: str,
    books: Books,
    *,
    random: Random = secrets.token_bytes,
    makers: Sequence[bytes] = NXP_PUBLIC_KEYS,
) -> BadgeWork:
    """The means at `unit`, by the settings and the keys of the place as they are now."""
    settings = site.settings
    has_address = settings.web.public_url.startswith("https://")
    return BadgeWork(
        site=settings.site.id,
        site_keys=site.badge_keys,
        books=books,
        unit=unit,
        random=random,
        makers=makers,
        address=ndef_of(settings.web.public_url) if has_address else b"",
        may_be_copied=settings.badges.allow_uid,
    )
