"""The words that the bench's page itself chooses among, as things change: by the keys that its script asks for."""

from server.demo import rhythms
from server.demo.narration import ALARMS
from server.demo.texts import Saying, both

SAID = {
    "take": "Take a badge, then touch a reader.",
    "hand": "{badge}: now touch a reader.",
    "first": "Take a badge first.",
    "hold": "hold here",
    "holding": "reading…",
    "away": "The demo does not answer; trying again…",
    "over": "The demo has ended. Start it again with: make demo",
    "answer.none": "No badge yet",
    "strike": "Strike",
    "strike.free": "released",
    "strike.locked": "locked",
    "leaf": "Door",
    "leaf.open": "open",
    "leaf.closed": "closed",
    "kept": "up to event {nth}",
    "kept.none": "nothing yet",
    "unit.online": "● connected",
    "unit.alone": "▲ on its own",
    "unit.off": "■ without power",
    "level.comfortable": "at ease",
    "level.busy": "getting full",
    "level.full": "full",
    "guest": "{guests} guest among them",
    "guests": "{guests} guests among them",
    "uncertain": "up to {uncertain} left without a badge",
    "room": "{people} of {seats}",
    "room.none": "the server has said nothing yet",
    "switch.network": "Network",
    "switch.power": "Power",
    "switch.reader": "Reader",
    "switch.fire": "Fire alarm",
    "switch.tamper": "Housing",
    "server.dead": "the server is down: the last count known",
    "on.server": "runs",
    "off.server": "killed",
    "on.broker": "runs",
    "off.broker": "killed",
    "on.network": "plugged in",
    "off.network": "cable pulled",
    "on.power": "on",
    "off.power": "cut",
    "on.reader": "plugged in",
    "off.reader": "unplugged",
    "on.fire": "pulled",
    "off.fire": "at rest",
    "on.tamper": "opened",
    "off.tamper": "shut",
    "wire.good": "online",
    "wire.cut": "cable pulled",
    "wire.off": "no power",
    "wire.nobroker": "no broker",
    "wire.trying": "looking for the broker…",
    "buzzer.silent": "silent",
}
"""In English, by key; switches have `on.` and `off.`."""


def page_words(language: str) -> dict[str, str]:
    """All of them in one language."""
    alarms = {f"alarm.{name}": text for name, text in ALARMS.items()}
    texts = SAID | alarms | rhythms.WORDS
    return {key: _unfilled(text)[language] for key, text in texts.items()} | rhythms.SIGNS


def _unfilled(text: str) -> Saying:
    """With its fields left for the script to fill in."""
    fields = {name: "{" + name + "}" for name in ("badge", "nth", "guests", "uncertain", "people", "seats")}
    return both(text, **fields)
