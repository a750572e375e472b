"""How a card's first start begins: cloud-init's three files (NoCloud), filled in from those of `firmware-config`."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from server.errors import Refusal

USER_DATA, META_DATA, NETWORK_CONFIG = CLOUD_INIT = ("user-data", "meta-data", "network-config")

WIFI_COUNTRY = "FR"
"""Under whose rules the radio may send (ISO 3166); without one Raspberry Pi OS keeps it off."""

SHORTEST_PASSPHRASE, LONGEST_PASSPHRASE, LONGEST_SSID = 8, 63, 32
"""Of WPA: a passphrase in ASCII characters, the name of a network in bytes (IEEE 802.11)."""

_KEY = re.compile(r"(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\r\n]*)?", re.ASCII)


@dataclass(frozen=True)
class Wifi:
    """A network that the machine joins; the password is left out of its `repr`."""

    name: str
    password: str

    def __repr__(self) -> str:
        return f"Wifi({self.name!r})"


@dataclass(frozen=True)
class FirstStart:
    """What is filled in; `instance` is another for each card, or cloud-init would take it for one that it has seen."""

    host: str = ""
    instance: str = ""
    wifi: Wifi | None = None
    ssh_key: str = ""

    def text_of(self, name: str, templates: Path) -> str:
        """One of `CLOUD_INIT`."""
        text = (templates / name).read_text("utf-8").replace("@HOST@", self.host).replace("@INSTANCE@", self.instance)
        text = text if text.endswith("\n") else f"{text}\n"
        if name == NETWORK_CONFIG and self.wifi is not None:
            text += _indented(_wifi_text(self.wifi), "  " if re.search(r"^network:", text, re.M) else "")
        if name == USER_DATA and self.ssh_key:
            text += _user_text(self.ssh_key)
        return text


def wifi_of(name: str, password: str) -> Wifi:
    """The network of that name; raises `Refusal` where WPA knows no such name or password."""
    if not 1 <= len(name.encode()) <= LONGEST_SSID or not name.isprintable():
        raise Refusal("not_a_network", field="wifi", name=name)
    if not SHORTEST_PASSPHRASE <= len(password) <= LONGEST_PASSPHRASE or not (
        password.isascii() and password.isprintable()
    ):
        raise Refusal(
            "not_a_network_password",
            field="wifi_password",
            shortest=SHORTEST_PASSPHRASE,
            longest=LONGEST_PASSPHRASE,
        )
    return Wifi(name, password)


def ssh_key_of(text: str) -> str:
    """A public key as OpenSSH writes it; raises `Refusal` for anything else, a private one above all."""
    key = text.strip()
    if not _KEY.fullmatch(key):
        raise Refusal("not_a_public_key")
    return key


def _wifi_text(wifi: Wifi) -> str:
    """Netplan's; a JSON string is one of YAML too."""
    name, password = (json.dumps(each, ensure_ascii=False) for each in (wifi.name, wifi.password))
    return (
        "wifis:\n"
        "  wlan0:\n"
        "    dhcp4: true\n"
        "    optional: true\n"
        f'    regulatory-domain: "{WIFI_COUNTRY}"\n'
        "    access-points:\n"
        f"      {name}:\n"
        f"        password: {password}\n"
    )


def _user_text(ssh_key: str) -> str:
    """A login by that key alone, as `poincon-admin`, and SSH switched on."""
    return (
        "users:\n"
        "  - name: poincon-admin\n"
        "    groups: sudo\n"
        "    shell: /bin/bash\n"
        "    lock_passwd: true\n"
        '    sudo: "ALL=(ALL) NOPASSWD:ALL"\n'
        "    ssh_authorized_keys:\n"
        f"      - {json.dumps(ssh_key)}\n"
        "runcmd:\n"
        "  - [systemctl, enable, --now, ssh]\n"
    )


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in text.splitlines())
