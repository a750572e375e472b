"""`LISEZ-MOI.txt`: what a card is for, and what to do with it, in every language that there is."""

from server.i18n.catalogue import languages
from server.i18n.speech import Speech

TITLES = {
    "unit": "Card of {host}, Poinçon {version}: a door, a room or a desk",
    "server": "Card of the server, Poinçon {version}",
    "display": "Card of {host}, Poinçon {version}: a screen on the wall",
}
"""What the text begins with, by the kind of the card."""

STEPS = {
    "flash": (
        "Write Raspberry Pi OS Lite (64-bit), that of Trixie, onto a microSD card with Raspberry Pi Imager. When it "
        "asks about settings of its own, answer no: this card has them."
    ),
    "copy": (
        "Copy everything that is beside this file onto the partition called “bootfs”, and let it replace files "
        "of the same name."
    ),
    "wire": "Put the card into the Raspberry Pi and wire its parts, the power off.",
    "power": (
        "Switch the power on and wait ten minutes: it installs itself and starts again. What it does stands in "
        "poincon/journal.txt on this card."
    ),
    "desk": "At the desk, the page of the unit says what is right and what is not while you wire.",
    "browser": "On a computer of the same network open http://{host}.local and answer what it asks.",
    "screen": "The screen shows the page by itself.",
}
"""What is to be done, one sentence a step."""

ORDER = {
    "unit": ("flash", "copy", "wire", "power", "desk"),
    "server": ("flash", "copy", "power", "browser"),
    "display": ("flash", "copy", "power", "screen"),
}

NO_PROGRAM = (
    "This card has no program yet: before anything else copy the folder “release”, which “make release” makes, "
    "into the folder “poincon” beside this file."
)
SECRET = "The folder poincon/unit holds a private key: give the card to nobody, and delete what you copied it from."
OLD_SYSTEM = (
    "For the older Raspberry Pi OS (Bookworm) make the card with “poincon card … --onto” instead of copying it."
)
NOTES = (NO_PROGRAM, SECRET, OLD_SYSTEM)
"""What is to be known besides."""


def read_me(kind: str, host: str, version: str, *, has_program: bool) -> bytes:
    """The whole text, in UTF-8 with the line ends that every editor knows."""
    said = [_in_one_language(Speech(each), kind, host, version, has_program) for each in languages()]
    text = "\n\n".join(said).replace("\u00a0", " ").replace("\u202f", " ")
    return text.replace("\n", "\r\n").encode()


def _in_one_language(speech: Speech, kind: str, host: str, version: str, has_program: bool) -> str:
    notes = [NO_PROGRAM] if not has_program else []
    notes += [SECRET, OLD_SYSTEM] if kind == "unit" else [OLD_SYSTEM]
    title = speech.say(TITLES[kind], host=host, version=version)
    steps = [f"{nth}. {speech.say(STEPS[step], host=host)}" for nth, step in enumerate(ORDER[kind], start=1)]
    return "\n".join([title, "", *steps, "", *(speech.say(note) for note in notes), ""])
