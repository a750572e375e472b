"""What a display or Home Assistant is given to reach the broker: the authority's certificate, its own, and its key."""

from pathlib import Path

from server.broker_files import write_access_rules
from server.certificates import HOME_ASSISTANT, Identity
from server.site import Site, write_secret
from server.store.refusal import Refusal

AUTHORITY, CERTIFICATE, KEY = "ca.crt", "client.crt", "client.key"


def write_client_files(site: Site, folder: Path, name: str) -> None:
    """Makes `folder` for the client `name`; raises `Refusal` where the broker asks nobody, or the folder has one."""
    files = site.client_files(name)
    if files is None:
        raise Refusal("without broker.tls nobody is asked who they are: no certificate is needed")
    if (folder / KEY).exists():
        raise Refusal("{folder} has a {file} already; choose another folder with --out", folder=folder, file=KEY)
    folder.mkdir(parents=True, exist_ok=True)
    if name == HOME_ASSISTANT:
        identity = site.issue_to_unit(name)  # what it had before is refused from then on
        write_access_rules(site.broker_folder, site.settings.site.id)  # those of a place made before do not know it
    else:
        identity = Identity(files.certificate.read_bytes(), files.key.read_bytes())
    (folder / AUTHORITY).write_bytes(site.authority.certificate)
    (folder / CERTIFICATE).write_bytes(identity.certificate)
    write_secret(folder / KEY, identity.key)
