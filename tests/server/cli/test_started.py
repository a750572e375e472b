"""The server starts on whatever its settings may say: what is read is also run."""

import pytest

from server.app import Server, _parts
from tests.mosquitto import free_port
from tests.server.cli.conftest import CommandLine

EXAMPLES = {
    "an exceptional opening": ("openings = {}", 'openings = { 2026-12-05 = [["09:00", "12:00"]], 2026-11-24 = [] }'),
    "closures": ("closures = []", 'closures = ["2026-12-24", ["2026-12-27", "2026-12-31"]]'),
    "free passage": ("free_passage_weekly = {}", 'free_passage_weekly = { mon = [["14:00", "17:00"]] }'),
    "no holidays": ('holidays = "FR"', 'holidays = ""'),
    "a part of France": ('holidays = "FR"', 'holidays = "FR-57"'),
    "notices": ('webhook = ""', 'webhook = "https://127.0.0.1:9/hook"'),
    "ntfy": ('ntfy = ""', 'ntfy = "https://127.0.0.1:9/un-nom-difficile-a-deviner"'),
    "Home Assistant": ("discovery = false", "discovery = true"),
    "a calendar": ('calendar = ""', 'calendar = "https://127.0.0.1:9/room.ics"'),
}


@pytest.mark.parametrize("change", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_it_starts_on_every_example_of_the_settings(cli: CommandLine, change: tuple[str, str]) -> None:
    old, new = change
    path = cli.folder / "poincon.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1).replace("port = 8080", f"port = {free_port()}"), "utf-8")
    for _ in range(2):  # and a second time on what the first has noted
        server = Server(cli.site, now=lambda: cli.now, beside=_parts)
        server.start()
        server.stop()
    cli.out("verify")
