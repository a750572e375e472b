"""Help for the concierge of the moment, who has perhaps never seen the desk."""

from flask import Blueprint, render_template

from server.web.place import the_place

pages = Blueprint("help", __name__)


@pages.get("/help")
def read() -> str:
    """What to do when …; with the figures of this place."""
    return render_template("help.html", settings=the_place().settings)
