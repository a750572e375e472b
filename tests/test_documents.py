"""What the documents say is there, and what is there they say."""

import re
import shlex
import types
from pathlib import Path
from typing import Any, get_args

import click
import msgspec
import pytest

from device.cli import main as unit_program
from device.contract.channels import CHANNELS
from device.contract.messages import AlarmName, AnyEvent, Reason
from device.contract.unit_settings import UnitSettings
from device.core.lights.buzzer import PATTERNS
from device.core.lights.door_ring import Picture
from server.cards.card_text import STEPS
from server.cli.program import poincon as server_program
from server.i18n.catalogue import languages
from server.i18n.speech import Speech

ROOT = Path(__file__).parent.parent
UNIT, CONTRACT, SERVER = (ROOT / side / "README.md" for side in ("device", "device/contract", "server"))
RULES = ROOT / "docs" / "rules.md"
LONG_MS = 150
"""Between the buzzer's short and long tones."""


def text(path: Path) -> str:
    return path.read_text("utf-8")


def keys(kind: Any, prefix: str = "") -> list[str]:
    """Every setting of a structure, by its path."""
    found = []
    for field in msgspec.structs.fields(kind):
        inner = next(
            (part for part in parts(field.type) if isinstance(part, type) and issubclass(part, msgspec.Struct)), None
        )
        found += keys(inner, f"{prefix}{field.encode_name}.") if inner else [f"{prefix}{field.encode_name}"]
    return found


def parts(kind: Any) -> list[Any]:
    if isinstance(kind, types.GenericAlias) and kind.__origin__ is dict:
        return []
    return [kind, *(part for inner in get_args(kind) for part in parts(inner))]


def commands(group: click.Group, prefix: str) -> list[str]:
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        deeper = commands(command, f"{prefix} {name}") if isinstance(command, click.Group) else [f"{prefix} {name}"]
        found += deeper
    return found


@pytest.mark.parametrize("key", keys(UnitSettings))
def test_each_setting_of_a_unit_stands_in_its_document(key):
    assert f"`{key}`" in text(UNIT)


@pytest.mark.parametrize("reason", get_args(Reason))
def test_each_reason_stands_there_with_its_very_sound(reason):
    row = re.search(rf"^\| `{reason}` \|.*\| `([.-]+)` \|$", text(UNIT), re.M)
    assert row, f"no row for {reason}"
    assert row[1] == "".join("." if on_ms < LONG_MS else "-" for on_ms, _ in PATTERNS[reason])


def test_the_reasons_stand_in_the_order_of_the_rules():
    assert re.findall(r"^\| `(\w+)` \|.*`[.-]+` \|$", text(UNIT), re.M) == list(get_args(Reason))


@pytest.mark.parametrize("picture", [picture for picture in Picture if picture.startswith("badge_")])
def test_each_picture_of_a_lent_reader_stands_there_with_its_very_sound(picture):
    row = re.search(rf"^\| `{picture}` \|[^|]*\| (.*?) \|", text(UNIT), re.M)
    assert row, f"no row for {picture}"
    tones = "".join("." if on_ms < LONG_MS else "-" for on_ms, _ in PATTERNS.get(picture, ()))
    assert row[1] == (f"`{tones}`" if tones else "none")


def test_the_rules_have_a_row_for_each_reason_in_that_order():
    assert re.findall(r"^\| \d+ \|.*\| `(\w+)` \|$", text(RULES), re.M) == list(get_args(Reason))


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.path)
def test_each_channel_stands_in_the_contract(channel):
    row = next(line for line in text(CONTRACT).splitlines() if line.startswith(f"| `{channel.path}` |"))
    assert row.split(" | ")[1].startswith(channel.sender)
    assert (row.split(" | ")[3] == "yes") == channel.retained
    assert f"`{channel.message.__name__}`" in row


@pytest.mark.parametrize("kind", get_args(AnyEvent), ids=lambda kind: kind.__name__)
def test_each_event_stands_in_the_contract(kind):
    assert f"| `{kind.__struct_config__.tag}` |" in text(CONTRACT)


@pytest.mark.parametrize("alarm", get_args(AlarmName))
def test_each_alarm_stands_in_the_contract(alarm):
    assert f"`{alarm}`" in text(CONTRACT)


@pytest.mark.parametrize("command", commands(unit_program, "poincon-unit"))
def test_each_command_of_a_unit_stands_in_its_document(command):
    assert f"`{command} " in text(UNIT)


@pytest.mark.parametrize("command", commands(server_program, "poincon"))
def test_each_command_of_the_server_stands_in_its_document(command):
    assert re.search(rf"`{command}[ `]", text(SERVER)), command


def links() -> list[tuple[Path, str]]:
    documents = [
        path for path in ROOT.rglob("*.md") if not set(path.parts) & {".venv", ".demo", ".card", "node_modules"}
    ]
    return [(path, target) for path in documents for target in re.findall(r"\]\(([^)#:]+)\)", text(path))]


@pytest.mark.parametrize(("path", "target"), links(), ids=lambda value: str(value)[-40:])
def test_each_link_leads_somewhere(path, target):
    assert (path.parent / target).exists()


@pytest.mark.parametrize("target", re.findall(r"`make (\w+)", text(ROOT / "README.md")))
def test_each_make_command_of_the_readme_is_one(target):
    assert re.search(rf"^{target}:", text(ROOT / "Makefile"), re.M)


def first_steps() -> list[str]:
    """The commands of the README, those in its sentences too."""
    told = text(ROOT / "README.md")
    return re.findall(r"^poincon .+", told, re.M) + re.findall(r"`(poincon [^`]+)`", told)


@pytest.mark.parametrize("line", first_steps())
def test_each_command_of_the_readme_is_taken_with_its_arguments(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    if words[0] == "-C":
        del words[:2]
    command: click.Command | None = server_program
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words.pop(0))
    assert command is not None
    command.make_context(command.name, words)


def test_the_readme_gives_out_a_badge_with_keys_first_and_so_does_the_guide() -> None:
    steps = [line for line in first_steps() if " badge " in line]
    assert ["enrol" in line for line in steps] == [True, False]
    words = {
        "README.md": ("« Donner un badge »", "« À qui est-il ? »"),
        "README.en.md": ("“Give a badge”", "“Whose is it?”"),
    }
    for name, (desk, door) in words.items():
        guide = " ".join(text(ROOT / "firmware-config" / name).split())
        assert guide.index("**10. ") < guide.index(desk) < guide.index("**11. ") < guide.index(door)


@pytest.mark.parametrize("guide", ["README.md", "README.en.md"])
def test_the_guide_has_eleven_steps_and_none_in_a_shell(guide):
    told = text(ROOT / "firmware-config" / guide)
    assert re.findall(r"^\*\*(\d+)\. ", told, re.M) == [str(step) for step in range(1, 12)]
    steps = told[told.index("**1. ") : told.index("**11. ")]
    assert not re.findall(r"`(?:sudo|poincon [a-z]|make |ssh )[^`]*`", steps)


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_the_guide_says_which_system_to_write_and_what_another_does(name):
    guide = text(ROOT / "firmware-config" / name)
    first = next(part for part in guide.split("\n\n") if part.startswith("**1. "))
    assert "(64-bit)" in first and "Trixie" in first and "Legacy" in first
    rows = [line for line in guide.splitlines() if line.startswith("|")]
    assert [("journal.txt" in row, "Legacy" in row) for row in rows if "Bookworm" in row] == [(True, True)]


@pytest.mark.parametrize("language", languages())
def test_each_text_about_a_card_names_the_system(language):
    assert "Trixie" in Speech(language).say(STEPS["flash"])


def test_what_goes_over_plain_http_is_told():
    told = " ".join(text(ROOT / "SECURITY.md").split())
    for word in ("Who is first makes the place", "private backup key", "the ZIP of a card", "Wi-Fi password, readable"):
        assert word in told
