"""Numbers that come from outside, no larger than the books can hold."""

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1
"""SQLite's INTEGER."""


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
