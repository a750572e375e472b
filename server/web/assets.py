"""Style sheets, scripts and pictures: addressed by their content, so that a browser keeps them and never an old one."""

import hashlib
from pathlib import Path

from flask import Flask, current_app, url_for

KEPT_S = 365 * 86_400


def serve_assets(app: Flask, folder: Path) -> None:
    """Gives the templates of `app` the function `asset(name)`."""
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in folder.iterdir() if path.is_file()
    }

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=digests[name])

    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = KEPT_S
    app.jinja_env.globals["asset"] = asset


def address_of(name: str) -> str:
    """What templates have as `asset(name)`."""
    return str(current_app.jinja_env.globals["asset"](name))  # type: ignore[operator]
