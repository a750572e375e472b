"""What the pages are made from, as the application of a request has it."""

from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app

from server.desk.context import ServerContext
from server.web.begun_sessions import BegunSessions
from server.web.card_wishes import CardWishes
from server.web.login_tries import LoginTries

EXTENSION = "poincon.place"


@dataclass(frozen=True)
class _Surroundings:
    place: ServerContext
    tries: LoginTries = field(default_factory=LoginTries)
    wishes: CardWishes = field(default_factory=CardWishes)
    begun: BegunSessions = field(default_factory=BegunSessions)


def settle(app: Flask, place: ServerContext) -> None:
    """Has `app` be of that place."""
    app.extensions[EXTENSION] = _Surroundings(place)


def the_place() -> ServerContext:
    """The place of the application that answers this request."""
    return _surroundings().place


def the_tries() -> LoginTries:
    """Who tried to log in, and how often in vain."""
    return _surroundings().tries


def the_wishes() -> CardWishes:
    """The cards that wait to be downloaded."""
    return _surroundings().wishes


def the_begun() -> BegunSessions:
    """The card sessions by the forms that began them."""
    return _surroundings().begun


def _surroundings() -> _Surroundings:
    return cast(_Surroundings, current_app.extensions[EXTENSION])
