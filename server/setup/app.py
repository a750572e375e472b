"""The pages themselves: a web of its own, which knows no place yet, has no login, and does one thing once."""

import secrets
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from flask import Blueprint, Flask, Response, g, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response as Answer

import server.web
from device.contract.instant import Instant
from server.i18n.catalogue import languages
from server.i18n.formats import own_name
from server.people.passwords import SHORTEST
from server.setup import restore_page
from server.setup.new_place import FIELDS, WrongField, make, proposed_host, read_form
from server.setup.state import EXTENSION, SetupState, over, said, the_setup
from server.site.settings import ServerSettings
from server.web import assets, bodies, headers, hosts, texts
from server.web.addresses import local_path
from server.web.texts import COOKIE, language

PRODUCT = "Poinçon"
MOST_TYPED = 300

pages = Blueprint("setup", __name__)
switch = Blueprint("language", __name__)
"""The switch at the foot of the page, under the name that its template knows it by."""


def create_setup_app(folder: Path, now: Callable[[], Instant]) -> Flask:
    """The application that makes a place in `folder`."""
    root = Path(server.web.__file__).parent
    app = Flask("server.setup", template_folder=root / "templates", static_folder=root / "static")
    app.request_class = restore_page.SetupRequest
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME="poincon_setup",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.undefined = StrictUndefined
    app.extensions[EXTENSION] = SetupState(folder, now)
    headers.protect(app)
    texts.teach(app)
    app.before_request(_nobody_is_logged_in)
    hosts.know(app, hosts.of_this_machine(ServerSettings()))
    bodies.bound(app)
    app.before_request(restore_page.receive)
    CSRFProtect(app)
    app.jinja_env.filters["own_name"] = own_name
    app.jinja_env.globals.update(languages=languages(), new_form_id=lambda: "")
    app.context_processor(_frame)
    assets.serve_assets(app, root / "static")
    app.register_blueprint(pages)
    app.register_blueprint(restore_page.pages)
    app.register_blueprint(switch)
    return app


def is_made(app: Flask) -> Event:
    """Set when the place is there."""
    made: Event = app.extensions[EXTENSION].made
    return made


def is_followed(app: Flask) -> Event:
    """Set when the page that says so has begun to wait for the desk: it needs nothing more from here."""
    followed: Event = app.extensions[EXTENSION].followed
    return followed


@pages.get("/")
def show() -> Response | str:
    """The form, while there is no place."""
    if the_setup().is_over:
        return over()
    return _form({"host": proposed_host()})


@pages.post("/")
def make_place() -> Response | str:
    """Makes the place; a second time it is refused."""
    setup = the_setup()
    typed = {name: request.form.get(name, "")[:MOST_TYPED] for name in FIELDS}
    try:
        wanted = read_form(typed)
    except WrongField as wrong:
        return make_response(_form(typed, {wrong.field: said(wrong.refusal)}), 422)
    with setup.making:
        if setup.is_over:
            return over()
        key = make(setup.folder, wanted, setup.now())
        setup.made.set()
    return render_template("setup_done.html", key=key, name=wanted.site.name, operator_name=wanted.operator)


@pages.get("/login")
def not_yet() -> Answer:
    """Where the desk asks for a login: the page that is done asks here whether it answers yet."""
    setup = the_setup()
    if not setup.made.is_set():
        return redirect("/", 303)
    setup.followed.set()
    return Response("not yet\n", 503, mimetype="text/plain", headers={"Retry-After": "2"})


@switch.post("/language")
def choose() -> Answer:
    """The switch at the foot of the page."""
    answer = redirect(local_path(request.form.get("next", "")), 303)
    wish = request.form.get("language", "")
    if wish in languages():
        answer.set_cookie(COOKIE, wish, httponly=True, samesite="Lax")
    return answer


def _form(typed: dict[str, str], faults: dict[str, str] | None = None) -> str:
    shown = dict.fromkeys(FIELDS, "") | typed | {"password": "", "again": ""}
    return render_template("setup.html", typed=shown, faults=faults or {}, shortest=SHORTEST)


def _nobody_is_logged_in() -> None:
    """Pages that tell of a fault ask who is there."""
    g.operator = None


def _frame() -> dict[str, Any]:
    here = "/restore" if request.blueprint == "restore" else "/"
    return {"site": {"name": PRODUCT}, "language": language(), "here": here, "endpoint": request.endpoint or ""}
