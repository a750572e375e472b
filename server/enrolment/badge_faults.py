"""What is wrong with a badge, as a refusal whose words say what it is and what to do."""

from device.core.badge.errors import (
    AuthenticationDelay,
    BadgeError,
    CardFull,
    Declined,
    Foreign,
    Garbled,
    LrpMode,
    NotOriginal,
    OtherCard,
    OtherUid,
    ReadOnly,
)
from server.errors import Refusal


def refused_for(error: BadgeError) -> Refusal:
    """The refusal that a fault of a badge comes to."""
    match error:
        case Foreign():
            return Refusal("badge_of_strangers")
        case NotOriginal():
            return Refusal("badge_not_original")
        case OtherUid():
            return Refusal("badge_under_false_number")
        case OtherCard(product=product):
            return Refusal("card_of_other_kind", product=product or "?")
        case CardFull():
            return Refusal("card_full")
        case ReadOnly():
            return Refusal("card_read_only")
        case LrpMode():
            return Refusal("badge_in_lrp")
        case AuthenticationDelay():
            return Refusal("badge_wants_to_wait")
        case Garbled():
            return Refusal("badge_garbled")
        case Declined(status=status):
            return Refusal("badge_declined", status=f"{status:04X}")
    return Refusal("badge_not_authentic")
