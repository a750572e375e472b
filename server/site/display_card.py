"""What a display, or another program that only listens, shows to the broker: a certificate of its own, and its key."""

from pathlib import Path

from server.errors import Refusal
from server.site.folder import SiteFolder
from server.site.secret_files import write_secret
from server.site.whole_file import FOR_EVERYBODY, write_whole

AUTHORITY, CERTIFICATE, KEY = "ca.crt", "display.crt", "display.key"


def write_display_files(site: SiteFolder, folder: Path, name: str) -> None:
    """Makes an identity for the display `name` in `folder`; raises `Refusal`, and makes nothing, where it cannot."""
    if not site.settings.broker.tls:
        raise Refusal("display_needs_no_identity")
    if (folder / CERTIFICATE).exists():
        raise Refusal("folder_has_file", folder=folder, file=CERTIFICATE)
    folder.mkdir(parents=True, exist_ok=True)
    identity = site.issue_to_display(name)
    write_whole(folder / AUTHORITY, site.authority.certificate, FOR_EVERYBODY)
    write_whole(folder / CERTIFICATE, identity.certificate, FOR_EVERYBODY)
    write_secret(folder / KEY, identity.key)
