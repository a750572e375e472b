"""The program itself: its commands, its language, and how a failure is told.

A command's module is loaded when the command is asked for, so that each starts fast.
"""

import importlib
import logging
import os
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from device.contract.errors import PoinconError, SettingsFault
from device.contract.instant import Instant
from server.cli import texts
from server.cli.arguments import asks_for_json
from server.cli.cli_context import CliContext
from server.cli.output import document
from server.errors import Refusal, Undecided
from server.i18n.catalogue import languages
from server.store.damage import is_busy, is_damage

COMMANDS = {
    "init": "server.cli.place:init",
    "setup": "server.cli.setup:setup",
    "serve": "server.cli.place:serve",
    "demo": "server.demo.command:demo",
    "member": "server.cli.members:member",
    "badge": "server.cli.badges:badge",
    "key": "server.cli.keys:key",
    "operator": "server.cli.operators:operator",
    "sell": "server.cli.sales:sell",
    "pay": "server.cli.sales:pay",
    "cancel": "server.cli.sales:cancel",
    "give": "server.cli.credit:give",
    "prolong": "server.cli.credit:prolong",
    "account": "server.cli.accounts:account",
    "ledger": "server.cli.accounts:ledger",
    "correct": "server.cli.corrections:correct",
    "report": "server.cli.reports:report",
    "guest": "server.cli.guests:guest",
    "present": "server.cli.presence:present",
    "muster": "server.cli.presence:muster",
    "journal": "server.cli.journal:journal",
    "faults": "server.cli.journal:faults",
    "calendars": "server.cli.calendars:calendars",
    "unit": "server.cli.units:unit",
    "card": "server.cli.cards:card",
    "display": "server.cli.displays:display",
    "open": "server.cli.units:open_door",
    "broker": "server.cli.place:broker",
    "purge": "server.cli.retention:purge",
    "notice": "server.cli.retention:notice",
    "verify": "server.cli.books:verify",
    "backup": "server.cli.backups:backup",
    "restore": "server.cli.backups:restore",
    "backup-key": "server.cli.backups:backup_key",
    "replica": "server.cli.replica:replica",
    "takeover": "server.cli.replica:takeover",
}
"""Every command, in the order of the help, and where it lives."""

FAILED, WRONG_USE = 1, 2

texts.translate_click()


class Failure(click.ClickException):
    """What is told on the standard error: a line, or a line for each fault of the settings; under --json one document,
    with a code that a program may compare.
    """

    exit_code = FAILED

    def __init__(
        self, code: str, lines: list[str], *, field: str | None = None, facts: Mapping[str, object] | None = None
    ) -> None:
        super().__init__("\n".join(lines))
        self.code, self.field, self.facts = code, field, facts or {}
        self.lines = [" ".join(line.splitlines()) for line in lines]
        self.as_json = False

    def show(self, file: Any = None) -> None:
        """Prints the lines under the program's name, or the document."""
        if self.as_json:
            text = "\n".join(self.lines)
            document({"error": {"code": self.code, "field": self.field, "text": text, "facts": self.facts}}, err=True)
            return
        for line in self.lines:
            click.echo(f"poincon: {line}", err=True, file=file)


STAYS_DOWN = ("server_followed",)
"""What no other try mends: systemd does not start again what ends with the status of wrong settings."""


class WrongSettings(Failure):
    """The settings cannot be used, or the place is another machine's now."""

    exit_code = WRONG_USE


class Program(click.Group):
    """The group of all commands, which turns what they raise into an exit status and one line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads what was typed; what is wrong with it is told in the language of the locale until --lang is read."""
        texts.choose(ctx, texts.language_of_locale(os.environ))
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, in the language of the person; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        texts.translate_help(command, texts.language(ctx))
        return command

    def get_help(self, ctx: click.Context) -> str:
        """The help, its own texts translated too."""
        texts.translate_help(self, texts.language(ctx))
        return super().get_help(ctx)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; under --debug whatever it raises goes on."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            if ctx.params["debug"]:
                raise
            failure = _failure(error, ctx)
            failure.as_json = asks_for_json(ctx)
            raise failure from error


def _failure(error: Exception, ctx: click.Context) -> Failure:
    match error:
        case SettingsFault():
            return WrongSettings("wrong_settings", [texts.said(fault) for fault in error.faults])
        case Refusal():
            from server.i18n.speech import Speech  # and Babel, for which no other command waits

            text = Speech(texts.language(ctx)).refusal(error)
            kind = WrongSettings if error.code in STAYS_DOWN else Failure
            return kind(error.code, [text], field=error.field, facts=error.facts)
        case PoinconError():
            return Failure("refused", [str(error)])
        case sqlite3.Error():
            return _failure_of_books(error, ctx)
        case OSError():
            where = f"{error.filename}: " if error.filename else ""
            return Failure("system_error", [f"{where}{error.strerror or error}"])
    text = texts.say("a fault of the program: {error}; --debug shows where", error=repr(error))
    return Failure("fault_of_the_program", [text])


def _failure_of_books(error: sqlite3.Error, ctx: click.Context) -> Failure:
    """What became of the order. "Nothing was changed" is said where a whole transaction, the only one, was given up."""
    around = ctx.find_object(CliContext)
    if is_damage(error):
        code = "books_damaged"
        text = texts.say("the books are damaged ({error}); restore the backup (poincon restore)", error=error)
    elif isinstance(error, Undecided):
        code = "books_undecided"
        text = texts.say("the books: {error}; it may be done all the same: look before you do it again", error=error)
    elif around is not None and around.has_changed:
        code = "books_failed_halfway"
        text = texts.say("the books: {error}; a part of it is done: look before you do it again", error=error)
    elif is_busy(error):
        code = "books_busy"
        text = texts.say("somebody else holds the books; nothing was changed, try again in a moment")
    else:
        code, text = "books_failed", texts.say("the books: {error}; nothing was changed", error=error)
    return Failure(code, [text])


def _now() -> Instant:
    return Instant.of(datetime.now(UTC))


def _choose_language(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        texts.choose(ctx, value)


@click.group(
    cls=Program,
    context_settings={"help_option_names": texts.HELP_OPTIONS, "max_content_width": 110},
    help="The door, the tickets and the rooms of a third place.",
    epilog="Status: 0 done, 1 refused or failed, 2 wrong use.",
)
@click.option(
    "--lang",
    type=click.Choice(languages()),
    callback=_choose_language,
    is_eager=True,
    expose_value=False,
    help="The language; without it that of the locale, else French.",
)
@click.option(
    "-C",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="POINCON_HOME",
    default=Path(),
    help="The folder that init made; POINCON_HOME, or this one.",
)
@click.option("--debug", is_flag=True, help="Show where a failure came from.")
@click.pass_context
def poincon(ctx: click.Context, folder: Path, debug: bool) -> None:
    """Takes up what stands before the command; `ctx.obj` may bring another clock."""
    # Logs are for engineers: without a handler Python would print them beside the one line that a command says.
    logging.getLogger("device").addHandler(logging.NullHandler())
    clock: Callable[[], Instant] = ctx.obj or _now
    ctx.obj = CliContext(folder, clock)


def main() -> None:
    """Runs the program and ends the process with its status."""
    poincon(prog_name="poincon")
