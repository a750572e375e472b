"""The kinds of data of a place: whose they are, how long they are kept, by which right (GDPR, article 6). Pure."""

from typing import Literal, NamedTuple

from server.core.retention.periods import Period

DataKind = Literal[
    "identity",
    "badge",
    "door_event",
    "presence",
    "guest",
    "invitation",
    "purchase",
    "use",
    "muster",
    "set_aside",
    "change",
    "operator",
    "session",
    "operator_act",
    "outbox",
    "backup",
    "count",
    "machine",
]

Basis = Literal["contract", "law", "interest", ""]
"""Article 6(1): (b) the membership; (c) the Code de commerce, L123-22: ten years; (f) the safety of the house, and its
order. "" where nobody is named.
"""

Whose = Literal["member", "guest", "operator", "everybody", ""]


class KindKeeping(NamedTuple):
    """How one kind of data is kept; `period` names its length or its end."""

    whose: Whose
    period: Period
    basis: Basis


KEEPING: dict[DataKind, KindKeeping] = {
    "identity": KindKeeping("member", "membership", "contract"),
    "badge": KindKeeping("member", "year", "contract"),
    "door_event": KindKeeping("member", "names", "interest"),
    "presence": KindKeeping("member", "names", "contract"),
    "guest": KindKeeping("guest", "names", "interest"),
    "invitation": KindKeeping("guest", "books", "contract"),
    "purchase": KindKeeping("member", "books", "law"),
    "use": KindKeeping("member", "books", "law"),
    "muster": KindKeeping("everybody", "names", "interest"),
    "set_aside": KindKeeping("everybody", "month", "interest"),
    "change": KindKeeping("everybody", "names", "interest"),
    "operator": KindKeeping("operator", "membership", "interest"),
    "session": KindKeeping("operator", "login", "interest"),
    "operator_act": KindKeeping("operator", "books", "law"),
    "outbox": KindKeeping("member", "day", "interest"),
    "backup": KindKeeping("everybody", "backups", "interest"),
    "count": KindKeeping("", "place", ""),
    "machine": KindKeeping("", "place", ""),
}
"""`badge`: for as long as it is in use, then a year. `use`: how long a member was there on a date, which its charge is
reckoned from, not when. `invitation`: that a golden ticket was used, and an imprint of the name for whom. `outbox` and
`backup` are no tables: what units keep after the server has it, and the copies of the whole.
"""
