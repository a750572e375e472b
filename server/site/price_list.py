"""What the place sells, as `[[pass]]` says it in `poincon.toml`; the defaults are the place's own price list."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field, structs

from device.contract.messages import Name
from server.core.charge.passes import PassKind, TicketKind

Price = Annotated[int, Meta(ge=0, le=10_000_000)]


class PassSettings(Struct, frozen=True, omit_defaults=True):
    """One thing on sale.

    `covers`: "everything" while it holds, "half_time" (a half-day for each open day of its term), or only the
    "tickets" it `holds`, the golden ones included. It is valid for `months` and `days`. `reduced_cents` is the price
    for who renders services; None where there is no such price.
    """

    id: Name
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    status: Annotated[str, Meta(max_length=200)]
    covers: Literal["everything", "half_time", "tickets"]
    price_cents: Price
    reduced_cents: Price | None = None
    months: Annotated[int, Meta(ge=0, le=120)] = 12
    holds: dict[TicketKind, Annotated[int, Meta(ge=1, le=10_000)]] = field(default_factory=dict)
    days: Annotated[int, Meta(ge=0, le=3_660)] = 0

    @property
    def term(self) -> tuple[int, int]:
        """Months and days that it is valid for."""
        return self.months, self.days

    def kind(self) -> PassKind:
        """The same as the books compute with it: a field a field."""
        return PassKind(**structs.asdict(self))


PASSES = (
    PassSettings("resident", "Résident", "permanent", "everything", 28_000, 19_000, 1),
    PassSettings("nomade", "Nomade", "régulier", "half_time", 15_000, 9_000, 1, {"golden": 1}),
    PassSettings(
        "carnet-day", "Voyageur, carnet de journées", "habitué", "tickets", 15_000, None, 12, {"day": 11, "golden": 1}
    ),
    PassSettings(
        "carnet-half-day",
        "Voyageur, carnet de demi-journées",
        "habitué",
        "tickets",
        9_000,
        None,
        12,
        {"half_day": 11, "golden": 1},
    ),
    PassSettings("ticket-hour", "Campeur, une heure", "occasionnel", "tickets", 300, None, 12, {"hour": 1}),
    PassSettings(
        "ticket-half-day", "Campeur, une demi-journée", "occasionnel", "tickets", 900, None, 12, {"half_day": 1}
    ),
    PassSettings("ticket-day", "Campeur, une journée", "occasionnel", "tickets", 1_500, None, 12, {"day": 1}),
)
