"""The JSON Schema of every message, made from the code for outsiders: `python -m device.contract.schema` writes them.

They stand in `schemas/`, one file a channel; a test compares them with what the code says.
"""

import json
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from device.contract.channels import CHANNELS, Channel
from device.contract.instant import Instant

FOLDER = Path(__file__).parent / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(channel: Channel[Any]) -> dict[str, Any]:
    """The schema of one channel's payload."""
    made = msgspec.json.schema(channel.message, schema_hook=_instant)
    told = (
        f"{channel.path}, sent by the {channel.sender}, QoS {channel.qos}, {'' if channel.retained else 'not '}retained"
    )
    return {"$schema": DIALECT, "title": channel.message.__name__, "$comment": told, **_without_margins(made)}


def file_name(channel: Channel[Any]) -> str:
    """Where a channel's schema stands."""
    return f"{channel.path.replace('/*/', '-').replace('/', '-')}.json"


def text(channel: Channel[Any]) -> str:
    """The file's text."""
    return json.dumps(schema(channel), indent=2, ensure_ascii=False) + "\n"


def write_all() -> None:
    """Writes every file anew."""
    FOLDER.mkdir(exist_ok=True)
    for channel in CHANNELS:
        (FOLDER / file_name(channel)).write_text(text(channel), "utf-8")


def _without_margins(made: Any) -> Any:
    """The schema with its descriptions as `help` shows them; from Python 3.13 on docstrings have no margin."""
    if isinstance(made, dict):
        return {
            key: cleandoc(told) if key == "description" and isinstance(told, str) else _without_margins(told)
            for key, told in made.items()
        }
    return [_without_margins(each) for each in made] if isinstance(made, list) else made


def _instant(kind: type) -> dict[str, Any]:
    if kind is Instant:
        return {"type": "string", "format": "date-time", "description": "UTC, with milliseconds and Z"}
    raise NotImplementedError(kind)


if __name__ == "__main__":
    write_all()
