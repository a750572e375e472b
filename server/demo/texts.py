"""What the demo says to people, in every language at once: the page's reader chooses which."""

from server.i18n.catalogue import catalogue, languages


class Saying(dict[str, str]):
    """One text, by language."""


def both(template: str, **fields: object) -> Saying:
    """`template` in every language, its fields filled in; a field may itself be a `Saying`."""
    said = Saying()
    for language in languages():
        spoken = {name: value[language] if isinstance(value, Saying) else value for name, value in fields.items()}
        said[language] = catalogue(language).gettext(template).format(**spoken)
    return said
