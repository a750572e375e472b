"""What a virtual card ends its answers with, and how one of its commands says no."""

OK_ISO = b"\x90\x00"
OK = b"\x91\x00"
MORE = b"\x91\xaf"
SIGNED = b"\x91\x90"

END_OF_FILE_ISO = b"\x6b\x00"
NO_FILE_SELECTED_ISO = b"\x69\x86"
NOT_ALLOWED_ISO = b"\x69\x82"
NOT_FOUND_ISO = b"\x6a\x82"
UNKNOWN_CLASS_ISO = b"\x6e\x00"
UNKNOWN_COMMAND_ISO = b"\x6d\x00"
LENGTH_ISO = b"\x67\x00"

FULL = b"\x91\x0e"
ILLEGAL = b"\x91\x1c"
INTEGRITY = b"\x91\x1e"
NO_SUCH_KEY = b"\x91\x40"
LENGTH = b"\x91\x7e"
NOT_ALLOWED = b"\x91\x9d"
PARAMETER = b"\x91\x9e"
NO_APPLICATION = b"\x91\xa0"
DELAY = b"\x91\xad"
AUTHENTICATION = b"\x91\xae"
BOUNDARY = b"\x91\xbe"
DUPLICATE = b"\x91\xde"
NO_FILE = b"\x91\xf0"


class CardDeclines(Exception):
    """A command that the card does not carry out; `status` is its whole answer."""

    def __init__(self, status: bytes) -> None:
        super().__init__(status.hex())
        self.status = status
