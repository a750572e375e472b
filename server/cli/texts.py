"""What people read: the code says it in English, `french` has each text in French, and French comes first."""

from collections.abc import Mapping
from typing import Literal, cast

import click

from server.i18n.command_texts import FRENCH

Language = Literal["fr", "en"]

HELP_OPTIONS = ["-h", "--help"]

_KEY = "server.cli.language"


def language_of_locale(environment: Mapping[str, str]) -> Language:
    """English where the locale is, French everywhere else; the first variable that is set decides, as in POSIX."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(variable):
            return "en" if environment[variable].lower().startswith("en") else "fr"
    return "fr"


def choose(ctx: click.Context, language: str) -> None:
    """From here on the program speaks `language`."""
    ctx.meta[_KEY] = language


def language(ctx: click.Context | None = None) -> Language:
    """What the program speaks."""
    ctx = ctx or click.get_current_context(silent=True)
    return cast(Language, ctx.meta.get(_KEY, "fr")) if ctx else "fr"


def say(template: str, **fields: object) -> str:
    """`template` in the person's language, its fields filled in."""
    return _in(language(), template).format(**fields)


def translate_help(command: click.Command, language: Language) -> None:
    """Puts the help of `command`, of its options and of its own commands into `language`."""
    originals: dict[str, str] = command.__dict__.setdefault("original_help", {})
    command.help = _help(originals, "", command.help, language)
    command.epilog = _help(originals, "epilog", command.epilog, language)
    # click makes this one option by itself, once
    helping = command.get_help_option(click.Context(command, help_option_names=HELP_OPTIONS))
    for parameter in (*command.params, helping):
        if isinstance(parameter, click.Option):
            parameter.help = _help(originals, parameter.name or "", parameter.help, language)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            translate_help(inner, language)


def _help(originals: dict[str, str], key: str, shown: str | None, language: Language) -> str | None:
    return shown and _in(language, originals.setdefault(key, shown))


def _in(language: Language, template: str) -> str:
    return template if language == "en" else FRENCH.get(template, template)
