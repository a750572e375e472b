"""`poincon setup`: the page that makes a place in a browser."""

import sys
from pathlib import Path

import click

from server.cli.cli_context import CliContext, pass_surroundings
from server.site.connection_settings import WebSettings

DEFAULT_PORT = WebSettings().port


@click.command(help="Shows the page that makes a place in DIR: its name, and who looks after it.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--host", default="0.0.0.0", help="Where it listens.")
@click.option("--port", type=click.IntRange(0, 65_535), default=DEFAULT_PORT, help="At which port.")
@pass_surroundings
def setup(around: CliContext, folder: Path, host: str, port: int) -> None:
    """Ends by itself when the place is made; refuses a folder that has one."""
    from server.setup.serving import serve_setup  # the web, which no other command needs

    sys.exit(0 if serve_setup(folder, host, port, around.now) else 1)
