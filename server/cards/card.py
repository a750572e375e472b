"""What a card holds: the same files for a folder, a ZIP or a boot partition."""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from server.cards.card_text import read_me
from server.cards.first_start import CLOUD_INIT, FirstStart
from server.cards.release import ReleaseFolder, first_start_templates

CardKind = Literal["unit", "server", "display"]

FORMAT = 1
SYSTEMS = ("bookworm", "trixie")
MACHINE = "aarch64"

OURS, CARD_FILE, READ_ME = "poincon", "card.toml", "LISEZ-MOI.txt"
"""The folder on the card that is ours, and what it is told by."""

SERVER_HOST, DISPLAY_HOST = "poincon", "poincon-display"


@dataclass(frozen=True)
class CardSubject:
    """What the card is for: a kind of machine, its name in the network, and what it alone has.

    `unit_files` are those of a unit by their names, secrets among them; `url` is the page of a display.
    """

    kind: CardKind
    host: str
    unit_files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    url: str = ""


@dataclass(frozen=True)
class MachineCard:
    """A card that is made: the subject, the release that it installs (None: it has no program yet), its first start."""

    subject: CardSubject
    release: ReleaseFolder | None
    first_start: FirstStart = field(default_factory=FirstStart)

    @property
    def version(self) -> str:
        """Of what it installs; of this program where it installs nothing yet."""
        return self.release.version if self.release else version("poincon")

    def files(self, *, cloud_init: bool = True) -> Iterator[tuple[str, bytes | Path]]:
        """Every file by its path on the card: its bytes, or where they lie; cloud-init's for a system that has it."""
        templates = first_start_templates(self.release)
        if cloud_init and templates is not None:
            start = replace(self.first_start, host=self.subject.host, instance=secrets.token_hex(8))
            yield from ((name, start.text_of(name, templates).encode()) for name in CLOUD_INIT)
        yield READ_ME, read_me(self.subject.kind, self.subject.host, self.version, has_program=self.release is not None)
        yield f"{OURS}/{CARD_FILE}", self._card_text().encode()
        yield from ((f"{OURS}/unit/{name}", content) for name, content in self.subject.unit_files.items())
        if self.release is not None:
            yield from ((f"{OURS}/release/{name}", path) for name, path in self.release.files())

    def _card_text(self) -> str:
        table: dict[str, object] = {
            "format": FORMAT,
            "kind": self.subject.kind,
            "host": self.subject.host,
            "version": self.version,
            "systems": SYSTEMS,
            "machine": MACHINE,
        }
        if self.subject.url:
            table["url"] = self.subject.url
        return "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())


def unit_host(name: str) -> str:
    """The name of a unit's machine in the network."""
    return f"poincon-{name}".rstrip("-")
