"""What the pages of a new server share: the folder, the clock, and whether there is a place by now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

from flask import Response, current_app, make_response, render_template

from device.contract.instant import Instant
from server.errors import Refusal
from server.i18n.speech import Speech
from server.setup.new_place import has_place, is_unfinished
from server.web.texts import language

EXTENSION = "poincon.setup"


@dataclass(frozen=True)
class SetupState:
    """What the pages work on; `made` is set when the place is there, `followed` when the browser waits for the desk.

    Whoever makes a place, by whichever page, holds `making`.
    """

    folder: Path
    now: Callable[[], Instant]
    made: Event = field(default_factory=Event)
    followed: Event = field(default_factory=Event)
    making: Lock = field(default_factory=Lock)

    @property
    def is_over(self) -> bool:
        """Whether there is a place."""
        return self.made.is_set() or (has_place(self.folder) and not is_unfinished(self.folder))


def the_setup() -> SetupState:
    """That of this request."""
    setup: SetupState = current_app.extensions[EXTENSION]
    return setup


def over() -> Response:
    """The answer where there is a place already."""
    return make_response(render_template("setup_over.html"), 409)


def said(refusal: Refusal) -> str:
    """A refusal, as the page says it beside its field."""
    return Speech(language()).refusal_at_the_desk(refusal, str)
