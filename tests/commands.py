"""Every command of `poincon` as data: for the documents, which must name each."""

from collections.abc import Iterator
from typing import NamedTuple

import click

from server.cli.program import COMMANDS, poincon
from server.i18n.catalogue import catalogue


class CommandEntry(NamedTuple):
    """One command: its words, what follows them, its options, and what it does, in English and in French."""

    words: str
    arguments: str
    options: tuple[str, ...]
    english: str
    french: str


def every_command() -> list[CommandEntry]:
    """All commands that do something, in the order of the help."""
    with click.Context(poincon, info_name="poincon") as ctx:
        ctx.meta["server.cli.language"] = "en"
        return [entry for name in COMMANDS for entry in _entries(name, poincon.get_command(ctx, name))]


def _entries(words: str, command: click.Command | None) -> Iterator[CommandEntry]:
    assert command is not None
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _entries(f"{words} {name}", inner)
        return
    arguments = [
        parameter.make_metavar(_bare()) for parameter in command.params if isinstance(parameter, click.Argument)
    ]
    options = [parameter.opts[-1] for parameter in command.params if isinstance(parameter, click.Option)]
    english = command.help or ""
    yield CommandEntry(words, " ".join(arguments), tuple(options), english, catalogue("fr").gettext(english))


def _bare() -> click.Context:
    return click.Context(click.Command("poincon"))
