"""Addresses that come from outside, made safe to follow."""

from urllib.parse import urlsplit


def local_path(address: str) -> str:
    """`address` if it is a path of this server, else the desk: nobody is sent away by a forged link."""
    parts = urlsplit(address)
    is_ours = address.startswith("/") and not parts.scheme and not parts.netloc and not address.startswith("//")
    return address if is_ours and "\\" not in address and address.isprintable() else "/"
