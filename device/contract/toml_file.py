"""Settings files: TOML read into a typed structure, every fault told at once, each with the nearest right key."""

import difflib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from device.contract.errors import SettingsFault
from device.contract.wording import Wording

S = TypeVar("S", bound=msgspec.Struct)


def read(path: Path, kind: type[S]) -> S:
    """The settings in `path`; raises `SettingsFault`, one line a fault: file, key, what is wrong, the nearest key."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsFault([Wording("{path}: no such file", path=path)]) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsFault([Wording("{path}: cannot be read as TOML: {error}", path=path, error=error)]) from None
    return parse(table, kind, path.name)


def parse(table: dict[str, Any], kind: type[S], source: str) -> S:
    """The settings in a table that was read from `source`; raises `SettingsFault`."""
    faults = [in_file(source, fault) for fault in _table_faults(table, kind, "")]
    if not faults:
        try:
            return msgspec.convert(table, kind, dec_hook=_path)
        except msgspec.ValidationError as error:
            faults = [in_file(source, _worded(error))]
    raise SettingsFault(faults)


def in_file(name: str, fault: str) -> Wording:
    """A fault, and the file that it is in."""
    return Wording("{file}: {fault}", file=name, fault=fault)


def _table_faults(table: dict[str, Any], kind: type[msgspec.Struct], prefix: str) -> Iterator[str]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key, value in table.items():
        if key not in fields:
            yield _no_such_key(key, list(fields), prefix)
        else:
            yield from _value_faults(value, fields[key].type, f"{prefix}{key}")
    for name, field in fields.items():
        if field.required and name not in table:
            yield Wording("{key}: missing", key=f"{prefix}{name}")


def _value_faults(value: Any, kind: Any, where: str) -> Iterator[str]:
    inner = next((choice for choice in (kind, *get_args(kind)) if _is_struct(choice)), None)
    if inner is not None and isinstance(value, dict) and get_origin(kind) is not dict:
        yield from _table_faults(value, inner, f"{where}.")
    elif inner is not None and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _value_faults(item, inner, f"{where}[{index}]")
    else:
        try:
            msgspec.convert(value, kind, dec_hook=_path)
        except msgspec.ValidationError as error:
            yield Wording("{key}: {fault}, but it is {value}", key=where, fault=_worded(error), value=repr(value))


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _no_such_key(key: str, keys: list[str], prefix: str) -> Wording:
    near = difflib.get_close_matches(key, keys, n=1, cutoff=0.5)
    if near:
        return Wording('{key}: no such key; did you mean "{near}"?', key=f"{prefix}{key}", near=f"{prefix}{near[0]}")
    return Wording("{key}: no such key; here stand: {keys}", key=f"{prefix}{key}", keys=", ".join(sorted(keys)))


def _worded(error: msgspec.ValidationError) -> str:
    text = str(error).replace(" - at `$`", "").replace("`", "")
    worded = text[:1].lower() + text[1:].split(", got ")[0]
    before, expected, kind = worded.partition("expected ")
    return Wording("expected {kind}", kind=kind) if expected and not before else worded


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"expected {kind.__name__.lower()}")
