"""What pages say, in the language of whoever asks."""

from flask import Flask, g, has_request_context, request

from server.i18n.catalogue import Catalogue, catalogue, languages

COOKIE = "poincon_language"
"""What the switch keeps in the browser."""


def teach(app: Flask) -> None:
    """Gives the templates of `app` `_`, `ngettext` and `pgettext`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _spoken().gettext(text),
        lambda one, many, number: _spoken().ngettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: _spoken().pgettext(context, text),
    )


def language() -> str:
    """The language of this page: the address of a wall says it, or the switch, or else what the browser wishes most."""
    if not has_request_context():
        return languages()[0]
    if "language" not in g:
        g.language = _chosen()
    return str(g.language)


def gettext(text: str, **fields: object) -> str:
    """`text` in the language of this page, `%(name)s` filled in."""
    return _filled(_spoken().gettext(text), fields)


def pgettext(context: str, text: str, **fields: object) -> str:
    """`text` as it is said in `context`."""
    return _filled(_spoken().pgettext(context, text), fields)


def ngettext(one: str, many: str, number: int, **fields: object) -> str:
    """`one` or `many`, `%(num)d` being the number; in French, none is one."""
    return _filled(_spoken().ngettext(one, many, number), {"num": number} | fields)


def _spoken() -> Catalogue:
    return catalogue(language())


def _filled(text: str, fields: dict[str, object]) -> str:
    return text % fields if fields else text


def _chosen() -> str:
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in languages():
            return str(wish)
    return request.accept_languages.best_match(languages()) or languages()[0]
