"""Numbers that come from outside, no larger than the books can hold."""

import re
from datetime import date

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from device.contract.instant import FIRST_YEAR, LAST_YEAR

LARGEST = 2**63 - 1
"""SQLite's INTEGER."""

_AMOUNT = re.compile(r"(?:€ ?)?(\d{1,7}|\d{1,3}(?: \d{3})+)(?:[.,](\d{1,2}))?(?: ?€)?", re.ASCII)
_EUROS_AND_CENTS = re.compile(r"(\d{1,7}|\d{1,3}(?: \d{3})+) ?€ ?(\d{2})", re.ASCII)
"""As in `4€50`; `4€5` could be either of two amounts, and is none."""
_SPACES = re.compile("[\u00a0\u2009\u202f]")


class StoredInteger(IntegerConverter):
    """`<int:…>` of an address: a larger number leads nowhere."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST)


def keep_small(app: Flask) -> None:
    """Has every address of `app` take such numbers alone; before any address is made."""
    app.url_map.converters["int"] = StoredInteger


def form_number(field: str) -> int | None:
    """The number in a field of the form; None where there is none."""
    return _number(request.form.get(field, ""))


def query_number(field: str) -> int | None:
    """The number in the address, as `?field=17`; None where there is none."""
    return _number(request.args.get(field, ""))


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    number = int(text)
    return number if number <= LARGEST else None


def form_date(field: str) -> date | None:
    """The date in a field of the form; None where there is none."""
    try:
        day = date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def form_cents(field: str) -> int | None:
    """The amount in a field of the form, in cents; None where there is none."""
    return cents_of(request.form.get(field, ""))


def cents_of(text: str) -> int | None:
    """The amount `text` (`6`, `4,50`, `4.50 €`, `1 000 €`, `4€50`) in cents; None where it is none or could be two."""
    written = _SPACES.sub(" ", text).strip()
    read = _AMOUNT.fullmatch(written) or _EUROS_AND_CENTS.fullmatch(written)
    if read is None:
        return None
    return int(read[1].replace(" ", "")) * 100 + int((read[2] or "0").ljust(2, "0"))
