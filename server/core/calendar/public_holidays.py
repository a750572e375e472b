"""Which dates are public holidays, from the `holidays` package: data without I/O, so the core may use it."""

from datetime import date
from functools import cache

import holidays


@cache
def public_holidays(region: str, year: int) -> frozenset[date]:
    """The public holidays of `region` in `year`: an ISO 3166 code (`FR`, or `FR-6AE` for Alsace), "" for none.

    Raises `ValueError` for a region that the package does not know. A year it has no data for has none.
    """
    if not region:
        return frozenset()
    country, _, subdivision = region.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError as error:
        raise ValueError(f"no public holidays are known for {region!r}") from error
