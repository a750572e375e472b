"""What people read at a terminal, in the language of its locale."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import cast

import click

from device.contract.wording import Wording
from server.i18n.catalogue import catalogue, languages

HELP_OPTIONS = ["-h", "--help"]

_KEY = "server.cli.language"
_last_chosen: ContextVar[str] = ContextVar("_last_chosen")
"""What is left of it when click reports a wrong use: by then its own context is gone."""


def language_of_locale(environment: Mapping[str, str]) -> str:
    """That of the locale, the place's where nobody speaks it; the first variable that is set decides, as in POSIX."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := environment.get(variable):
            full = locale.partition(".")[0]
            return next((each for each in (full, full.partition("_")[0]) if each in languages()), languages()[0])
    return languages()[0]


def choose(ctx: click.Context, language: str) -> None:
    """From here on the program speaks `language`."""
    ctx.meta[_KEY] = language
    _last_chosen.set(language)


def language(ctx: click.Context | None = None) -> str:
    """What the program speaks."""
    ctx = ctx or click.get_current_context(silent=True)
    return cast(str, ctx.meta[_KEY]) if ctx and _KEY in ctx.meta else _last_chosen.get(languages()[0])


def say(template: str, **fields: object) -> str:
    """`template` in the person's language, its fields filled in."""
    return catalogue(language()).gettext(template).format(**fields)


def said(text: str) -> str:
    """A text that was put together elsewhere, in the person's language where it can be said in it."""
    return text.said(catalogue(language()).gettext) if isinstance(text, Wording) else text


def say_number(one: str, many: str, number: int) -> str:
    """The form of `one` or `many` that goes with `number`, which is `%(num)d` in it."""
    return catalogue(language()).ngettext(one, many, number) % {"num": number}


def money(cents: int) -> str:
    """`4,50 €`, as the person's language writes it."""
    from server.i18n import formats  # Babel, which no command loads that tells of no money

    return formats.money(cents, language())


def translate_help(command: click.Command, language: str) -> None:
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


def _help(originals: dict[str, str], key: str, shown: str | None, language: str) -> str | None:
    return shown and catalogue(language).gettext(originals.setdefault(key, shown))


def _of_click(text: str) -> str:
    return catalogue(language()).gettext(text)


def _number_of_click(one: str, many: str, number: int) -> str:
    return catalogue(language()).ngettext(one, many, number)


def translate_click() -> None:
    """Has click's own messages said from the catalogue; its modules bind gettext's functions under these two names."""
    for module in (click.core, click.exceptions, click.formatting, click.parser, click.termui):
        module.__dict__.update(_=_of_click, ngettext=_number_of_click)
    click.types.__dict__.update(_=_of_click, ngettext=_number_of_click)
