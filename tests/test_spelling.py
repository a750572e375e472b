"""The words are spelt right: English in code and documents, French in what people read."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po
from spellchecker import SpellChecker

ROOT = Path(__file__).resolve().parents[1]
FRENCH = ROOT / "server" / "i18n" / "translations" / "fr.po"

NOT_ENGLISH = (
    "adresse,aline,appareil,bord,celle,celles,certificat,complet,connexion,copie,exemple,exercice,fils,fixe,formule,ines,mis,mot,pris,"
    "processus,raison,reste,servent,signes,inforce,notin,fro"
)
"""French words and names that codespell takes for English ones misspelt; a name of ours and of Python's; to and fro."""

NOT_FRENCH = """
    add admin admins age apt aujourd backup badgent badger badgez badgé badgée bin bip bips bookworm bootfs boundary
    broker calendar cancel card cash cle clic closed cloud cnil config csv ctrl day days demo desfire dir displays dna
    dtparam décompressez entree entry europe excel exit exrule false fire firmware folder gio gpio half hour hours
    https ical imager import init install journalctl json jusqu key kill led lgpio libreoffice limit lite litestream
    lrp luminosités make media microsd months mosquitto mqtt name names new nfcpy none ntag open operator other owed
    pass pip plantage poincon présences quelqu raspberry rebranché recalcule recalculé release renew replica restart
    restore rex rgpd root rotate rtc rules réessayez résidente sell sigterm space spi ssd ssh systemctl takeover
    tamper tar timedatectl tls toggle toml transfer trixie true ttc tva uid units url usb utf web webcal zip échap
"""
"""Words of the place and of computers that the dictionary lacks, and what French cuts off before an apostrophe."""

LEFT_OUT = re.compile(
    r"%\(\w+\)\w|\{[^}]*\}|`[^`]*`|<[^>]+>|https?:\S+|--[\w-]+|[\w.-]+@[\w.]+|\b[\w-]+\.[a-z]+\b|\w+·\w+(?:·\w+)?"
)
"""Fields, commands, addresses, files, and words for both such as « venu·e »."""


def test_english_is_spelt_right() -> None:
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    files += [path for side in ("device", "server", "tests") for path in (ROOT / side).rglob("*.py")]
    command = [sys.executable, "-m", "codespell_lib", "--ignore-words-list", NOT_ENGLISH, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def french_words() -> Iterator[str]:
    with FRENCH.open("rb") as file:
        for message in read_po(file, locale="fr"):
            for text in [message.string] if isinstance(message.string, str) else message.string or ():
                if message.id:
                    yield from re.findall(r"[a-zà-öø-ÿœæ]{3,}", LEFT_OUT.sub(" ", text.lower()))


def test_french_is_spelt_right() -> None:
    assert sorted(SpellChecker(language="fr").unknown(set(french_words())) - set(NOT_FRENCH.split())) == []


def test_no_word_is_allowed_that_nobody_writes() -> None:
    assert sorted(set(NOT_FRENCH.split()) - set(french_words())) == []
