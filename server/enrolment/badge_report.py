"""A badge looked at: whose it is, which version of the keys it holds, whether it is genuine, what it is."""

from msgspec.structs import replace

from device.core.badge.apdu import Transceive
from device.core.badge.errors import OtherCard
from device.core.badge.keys import Keys
from server.enrolment.badge_work import BadgeOutcome, BadgeWork
from server.enrolment.lent_reader import HeldBadge
from server.enrolment.looking import SeenBadge, identified, known_badge, looked_at
from server.enrolment.session_run import Begin


def report(work: BadgeWork, badge: HeldBadge, transceive: Transceive, begin: Begin) -> BadgeOutcome:
    """What there is to say of the badge that is held; nothing of it is changed. Raises `Refusal` for a telephone."""
    begin("look")
    try:
        product = identified(badge, transceive)
    except OtherCard as other:
        return _without_keys(work, badge, other)
    seen = looked_at(work, badge, transceive, product)
    holding = seen.known.holding
    version = seen.version_over if seen.held is None else seen.held.version
    return replace(
        seen.outcome(_state_of(work, seen), version, work.site_keys.present),
        is_under_way=seen.is_under_way,
        is_copyable=holding is not None and holding.is_copyable,
    )


def _state_of(work: BadgeWork, seen: SeenBadge) -> str:
    """The code of what is said of a badge with keys."""
    if seen.is_false:
        return "read_false"
    if seen.is_under_way:
        return "read_under_way"
    if seen.held is None and seen.version_missing:
        return "read_missing"
    if seen.held is None:
        return "read_over" if seen.version_over else "read_foreign"
    if seen.is_blank:
        return "read_blank"
    return "read_unlisted" if _is_unlisted(work, seen, seen.held) else "read"


def _is_unlisted(work: BadgeWork, seen: SeenBadge, held: Keys) -> bool:
    """Whether the books do not have the keys that it holds: they are a copy from before it got them.

    What was assigned by hand they take to hold the present version, under no number; what was enrolled before numbers
    were shown shows the version of its keys instead.
    """
    known = seen.known.keys
    if known is None:
        return seen.known.holding is None or held.version != work.site_keys.present
    numbers = known.enrolment, known.next_enrolment, None if seen.known.is_numbered else held.version
    is_number_known = seen.shown is None or seen.shown in numbers or known.enrolment is None
    return held.version not in (known.key_version, known.next_version) or not is_number_known


def _without_keys(work: BadgeWork, badge: HeldBadge, other: OtherCard) -> BadgeOutcome:
    identity = badge.uid.hex().upper()
    known = known_badge(work, identity)
    return BadgeOutcome(
        what="read_false" if known.has_keys_of_ours else "read_copyable",
        credential=f"uid:{identity}",
        product=other.product or "",
        member=None if known.holding is None else known.holding.member,
        name=known.name,
        present_version=work.site_keys.present,
        is_copyable=not known.has_keys_of_ours,
    )
