"""`poincon key`: the site's keys for badges, in versions; a rotation, and a copy of them on paper."""

import sys
from pathlib import Path

import click

from server.cli.arguments import json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, plain, table
from server.cli.texts import say, say_number
from server.i18n import labels
from server.site import key_rotation
from server.site.badge_keys import SiteKeys
from server.site.key_words import read_words, words_of
from server.store.database import Database
from server.store.people import badge_keys


@click.group(help="The site's keys for badges.")
def key() -> None:
    """Holds the commands below."""


@key.command(help="Begins a new version of the key: badges are moved on as they come by.")
@json_option
@pass_surroundings
def rotate(around: CliContext, as_json: bool) -> None:
    """Doors take both versions until `poincon key finish`."""
    with around.open_database() as db:
        keys = key_rotation.rotate(db, around.site.secrets_folder, around.now())
        told = standing(db, keys)
    if as_json:
        document(told)
    else:
        tell_rotation(keys, int(str(told["left"])))


@key.command(help="Ends the former version: badges that still hold it open nothing any more.")
@click.option("--yes", is_flag=True, help="Even though badges are left.")
@json_option
@pass_surroundings
def finish(around: CliContext, yes: bool, as_json: bool) -> None:
    """Refused while badges in use hold it, unless `--yes`."""
    with around.open_database() as db:
        left = key_rotation.finish(db, around.site.secrets_folder, around.now(), even_with_badges=yes)
        keys = around.site.badge_keys
        told = standing(db, keys) | {"refused": [badge.credential for badge in left]}
        holders = key_rotation.holders(db, left)
    if as_json:
        document(told)
        return
    if keys.former is None:
        click.echo(say("version {version} of the badge keys is the only one now", version=keys.present))
    else:
        click.echo(say("version {version} of the badge keys is the former one now", version=keys.former))
    if left:
        number = say_number(*labels.BADGES_COUNTED["shut_out"], len(left))
        click.echo(say("{badges}: {holders}", badges=number, holders=plain(holders)))


@key.command("list", help="The versions of the key, and how many badges hold each.")
@json_option
@pass_surroundings
def list_keys(around: CliContext, as_json: bool) -> None:
    """With the badges that have no keys, which can be copied."""
    with around.open_database() as db:
        keys = around.site.badge_keys
        told, held, copyable = standing(db, keys), badge_keys.counts(db, keys.present), badge_keys.copyable(db)
    if as_json:
        document(told)
        return
    states = dict.fromkeys(keys.by_version, say("former")) | {keys.present: say("given out now")}
    versions = sorted({version for _, version in held if version} | {*keys.by_version}, reverse=True)
    rows = [
        (version, states.get(version, say("over: opens nothing")), _badges_of(held, version)) for version in versions
    ]
    rows += [(0, say("blank: opens nothing"), blank)] if (blank := _badges_of(held, 0)) else []
    table((say("version"), say("state"), say("badges")), rows, empty="")
    if copyable:
        click.echo(say_number(*labels.BADGES_COUNTED["copyable"], copyable))


@key.command(help="Shows the keys as words for the safe: whoever has them can make any badge.")
@json_option
@pass_surroundings
def export(around: CliContext, as_json: bool) -> None:
    """Each group has a check of its own, so that what is typed back is right."""
    keys = around.site.badge_keys
    with around.open_database() as db:
        key_rotation.note_site_keys(db, keys, around.now())
    rows = [{"version": version, "words": words_of(version, each)} for version, each in sorted(keys.by_version.items())]
    if as_json:
        document({"keys": rows})
        return
    click.echo(
        say("The badge keys of {site}. Print this, and put it into the safe:", site=around.site.settings.site.name)
    )
    for row in rows:
        click.echo(f"\n  {say('version {version}', version=row['version'])}\n  {row['words']}")
    click.echo(
        "\n" + say("Whoever has this can make any badge of the place. It is typed back with poincon key import.")
    )


@key.command("import", help="Brings the keys back from their words: from FILE, or typed in.")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Even though badges were enrolled with others.")
@pass_surroundings
def import_keys(around: CliContext, file: Path | None, yes: bool) -> None:
    """Case, spaces and lines say nothing; a mistyped group is named."""
    keys = read_words(_typed(file))
    with around.open_database() as db:
        keys = key_rotation.bring_back(db, around.site.secrets_folder, keys, around.now(), although_others=yes)
        left = 0 if keys.former is None else len(badge_keys.left_on(db, keys.former))
    versions = ", ".join(map(str, sorted(keys.by_version)))
    click.echo(say("the badge keys are back: version {versions}", versions=versions))
    if left:
        click.echo(say_number(*labels.BADGES_COUNTED["left"], left))


def tell_rotation(keys: SiteKeys, left: int) -> None:
    """What a rotation that began means, and what comes next."""
    click.echo(say("version {version} of the badge keys is given out from now on", version=keys.present))
    if left:
        click.echo(say_number(*labels.BADGES_COUNTED["left"], left))
    click.echo(say("when none is left: poincon key finish"))


def standing(db: Database, keys: SiteKeys) -> dict[str, object]:
    """How the versions stand, for programs."""
    held = badge_keys.counts(db, keys.present)
    left = 0 if keys.former is None else len(badge_keys.left_on(db, keys.former))
    versions = [{"version": version, "badges": _badges_of(held, version)} for version in sorted(keys.by_version)]
    return {
        "present": keys.present,
        "former": keys.former,
        "left": left,
        "versions": versions,
        "copyable": badge_keys.copyable(db),
    }


def _badges_of(held: badge_keys.Counts, version: int) -> int:
    return sum(number for (scheme, of), number in held.items() if scheme != "uid" and of == version)


def _typed(file: Path | None) -> str:
    if file is not None:
        return file.read_text("utf-8")
    if sys.stdin.isatty():
        lines = []
        while line := click.prompt(
            say("Words of the badge key (an empty line ends)"), default="", show_default=False, err=True
        ):
            lines.append(line)
        return "\n".join(lines)
    return sys.stdin.read()
