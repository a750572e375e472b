"""lgpio, by which gpiozero reaches the Pi's pins: how it is imported, and what it raises."""

import atexit
import os
import shutil
import sys
import tempfile

FOLDER = "LG_WD"
"""The variable that tells lgpio where its pipe may lie."""


def import_lgpio() -> None:
    """Imports it; raises `ImportError` where it is not installed, `OSError` where no folder takes its pipe.

    When imported it makes a pipe in $LG_WD, or else in the current folder, which is `/` for a service and read-only;
    and it moves the process to $LG_WD, where relative paths would lead elsewhere.
    """
    if not os.environ.get(FOLDER):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="poincon-lgpio-")
        atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)
    here = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        import lgpio  # noqa: F401
    finally:
        os.fchdir(here)
        os.close(here)


def or_lgpio_error(*errors: type[Exception]) -> tuple[type[Exception], ...]:
    """`errors`, and what lgpio raises where it was imported, which derives from nothing that one would catch."""
    lgpio = sys.modules.get("lgpio")
    return (*errors, lgpio.error) if lgpio else errors
