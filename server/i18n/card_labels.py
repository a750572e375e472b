"""What is said of a badge on a lent reader: how the session stands, how it ended, what to do. Pure.

In English, as the catalogue knows them.
"""

from server.i18n.labels import Labels

SAYS: Labels = {
    "waiting": "hold a badge to the reader of {unit}",
    "held": "there is a badge: leave it where it is",
    "look": "looking at the badge",
    "write": "writing its keys: leave it where it is",
    "wipe": "making it blank: leave it where it is",
    "note": "writing it down in the books",
    "left": "taken away too soon: hold the same badge again, and it is finished",
    "another": "this is another badge, and nothing was written to it: hold the first one again",
    "done": "done: it can be taken away",
    "refused": "it was not done",
    "over": "no badge came in time",
    "over_begun": "the time is over, and the badge is half done: begin again with it, and it is finished",
    "cancelled": "given up: nothing was written to a badge",
    "cancelled_begun": "given up, and the badge is half done: begin again with it, and it is finished",
}
"""How a session with a badge at a desk's reader stands."""

OUTCOMES: Labels = {
    "enrolled": "{credential} is the badge of {name}, with keys of its own",
    "given_copyable": "{credential} is the badge of {name}; it has no keys and can be copied",
    "rekeyed": "{credential} has new keys",
    "wiped": "{credential} is blank, and nobody's any more",
    "read": "{credential} holds keys of this place",
    "read_blank": "{credential} is blank",
    "read_foreign": "{credential} holds keys of somebody else",
    "read_false": "{credential} has the number of a badge of this place, but not its keys: perhaps it is a copy",
    "read_over": "{credential} holds keys of this place that are over: it opens nothing any more",
    "read_missing": "{credential} says that it holds keys newer than those that this place has: was a backup restored?"
    " Bring them back from their words (poincon key import)",
    "read_unlisted": "{credential} holds keys of this place, but the books do not know of them (any more): enrol it for"
    " its member, or give it new keys",
    "read_under_way": "{credential} is half done: enrol it again, or wipe it",
    "read_copyable": "{credential} has no keys and can be copied",
}
"""What a session with a badge came to."""

ADVICE: Labels = {
    "badge_of_strangers": "Give it back to whom it belongs, and take a blank badge.",
    "badge_not_original": "Put this card aside, it is not to be trusted, and take a blank badge.",
    "badge_under_false_number": "Put this card aside, it is not to be trusted, and take a blank badge.",
    "badge_not_authentic": "Put this card aside, it is not to be trusted, and take a blank badge.",
    "key_version_missing": "Until they are back take a blank badge, and keep this one.",
    "badge_is_telephone": "Take a blank badge, and begin again.",
    "badge_in_lrp": "Take a blank badge, and begin again.",
    "badge_declined": "Take a blank badge, and begin again.",
    "card_full": "Take a blank badge, and begin again.",
    "card_read_only": "Take a blank badge, and begin again.",
    "badge_is_blank": "Give it to somebody on that member's page: it gets its keys then.",
    "badge_held_already": "Has it been given back? Say so on that page, and begin again. Else take another badge.",
    "unit_not_connected": "See whether it is switched on and in the network.",
    "reader_not_lent": "See whether it is switched on and in the network.",
    "unit_cannot_lend": "See on its page what it finds of its reader.",
}
"""What to do about a badge or a reader that was refused at the desk, by the code of the refusal."""
