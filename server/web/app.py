"""The web put together: pages, walls and addresses for other programs, all of one place."""

from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from server.desk.context import ServerContext
from server.store.database import read_database
from server.web import (
    access,
    assets,
    bodies,
    errors,
    formats,
    headers,
    hosts,
    language,
    numbers,
    operator_actions,
    reading,
    texts,
)
from server.web.pages import (
    api,
    attention,
    backups,
    badge_list,
    badges,
    card_sessions,
    changes,
    days,
    desk,
    display,
    doors,
    figures,
    guests,
    health,
    help,
    key_rotation,
    login,
    member_lists,
    members,
    metrics,
    muster,
    notice,
    presence,
    rooms,
    sales,
    set_aside,
    spaceapi,
    unit_cards,
    units,
    updates,
)
from server.web.place import settle
from server.web.reading import ReadConnections
from server.web.streams import Streams

PAGES = (
    *(desk, attention, presence, guests, doors, rooms, muster, figures, set_aside, changes, help),
    *(members, member_lists, badges, card_sessions, badge_list, key_rotation, sales, days),
    *(units, unit_cards, updates, backups),
    *(login, language, display, notice, api, spaceapi, metrics, health),
)


def create_app(place: ServerContext) -> Flask:
    """The application of `place`; it reads the books itself, and writes through the place's writer alone."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=place.secret,
        SESSION_COOKIE_NAME="poincon",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=place.settings.web.behind_tls,
        WTF_CSRF_TIME_LIMIT=None,  # it ends with the session
    )
    app.jinja_env.undefined = StrictUndefined
    numbers.keep_small(app)
    settle(app, place)
    reading.lend_to(app, ReadConnections(lambda: read_database(place.database_path)))
    Streams(place.settings.web.streams).join(app)
    headers.protect(app)
    texts.teach(app)
    hosts.know(app, hosts.of_this_machine(place.settings))
    bodies.bound(app)
    access.guard(app)
    CSRFProtect(app)  # reads the form, so it comes after who may send one
    errors.answer_for(app)
    formats.teach(app)
    app.jinja_env.globals["new_form_id"] = operator_actions.new_form_id
    assets.serve_assets(app, Path(app.static_folder or ""))
    for part in PAGES:
        app.register_blueprint(part.pages)
    return app
