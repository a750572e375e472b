"""What is kept of whom, for beside the reader: to read and to print, without a login."""

from flask import Blueprint
from markupsafe import Markup

from server.formats.notice_page import page
from server.i18n.speech import Speech
from server.retention.notice import notice
from server.web.access import open_to_all
from server.web.assets import address_of
from server.web.place import the_place
from server.web.texts import language

pages = Blueprint("notice", __name__)


@pages.get("/notice")
@open_to_all
def read() -> str:
    """In the language of who reads."""
    style = Markup('<link rel="stylesheet" href="{}">').format(address_of("notice.css"))
    return page(notice(the_place().settings, Speech(language())), style)
