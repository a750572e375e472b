"""Figures in the text format of Prometheus (version 0.0.4). Pure."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

Labels = Mapping[str, str]


class Family(NamedTuple):
    """One figure with its labelled values; `help` is one line of English."""

    name: str
    kind: Literal["gauge", "counter"]
    help: str
    samples: tuple[tuple[Labels, float], ...]


def single(name: str, kind: Literal["gauge", "counter"], help: str, value: float) -> Family:
    """A figure without labels."""
    return Family(name, kind, help, (({}, value),))


def exposition(families: Iterable[Family]) -> str:
    """The text that a scraper reads."""
    return "".join(line for family in families for line in _lines(family))


def _lines(family: Family) -> Iterable[str]:
    yield f"# HELP {family.name} {family.help}\n"
    yield f"# TYPE {family.name} {family.kind}\n"
    for labels, value in family.samples:
        pairs = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
        yield f"{family.name}{f'{{{pairs}}}' if pairs else ''} {value:.10g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
