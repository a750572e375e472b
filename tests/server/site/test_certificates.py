"""The site's own certificates, as OpenSSL and the cryptography package see them."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from server.site.certificates import (
    DESK,
    SERVER,
    SHARED_DISPLAY,
    Identity,
    display,
    issue_to_broker,
    issue_to_client,
    new_authority,
    revocation_list,
    serial_of,
)


@pytest.fixture(scope="module")
def authority() -> Identity:
    return new_authority("comptoir")


def verify(tmp_path: Path, authority: Identity, identity: Identity, *options: str) -> str:
    """What the strict verification of OpenSSL says."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    (tmp_path / "ca.crt").write_bytes(authority.certificate)
    (tmp_path / "leaf.crt").write_bytes(identity.certificate)
    command = ["openssl", "verify", "-x509_strict", "-CAfile", str(tmp_path / "ca.crt"), *options]
    done = subprocess.run([*command, str(tmp_path / "leaf.crt")], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_a_unit_is_named_by_its_certificate(authority: Identity, tmp_path: Path) -> None:
    front = issue_to_client(authority, "front")
    subject = x509.load_pem_x509_certificate(front.certificate).subject
    assert [attribute.value for attribute in subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == ["front"]
    assert verify(tmp_path, authority, front, "-purpose", "sslclient").endswith("OK\n")


def test_a_unit_cannot_pass_for_the_broker(authority: Identity, tmp_path: Path) -> None:
    front = issue_to_client(authority, "front")
    assert "unsuitable certificate purpose" in verify(tmp_path, authority, front, "-purpose", "sslserver").lower()


@pytest.mark.parametrize("host", ["192.0.2.10", "2001:db8::7", "comptoir.local"])
def test_the_broker_is_known_by_its_address_and_on_its_own_machine(
    authority: Identity, tmp_path: Path, host: str
) -> None:
    broker = issue_to_broker(authority, host)
    check = "-verify_hostname" if host.endswith("local") else "-verify_ip"
    for option, name in ((check, host), ("-verify_hostname", "localhost"), ("-verify_ip", "127.0.0.1")):
        assert verify(tmp_path, authority, broker, "-purpose", "sslserver", option, name).endswith("OK\n")


def test_a_clock_without_a_battery_does_not_lock_a_unit_out(authority: Identity, tmp_path: Path) -> None:
    front = issue_to_client(authority, "front")
    for moment in (datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)):
        assert verify(tmp_path, authority, front, "-attime", str(int(moment.timestamp()))).endswith("OK\n")


def test_a_certificate_of_another_authority_is_refused(authority: Identity, tmp_path: Path) -> None:
    stranger = issue_to_client(new_authority("comptoir"), "front")
    assert "OK" not in verify(tmp_path, authority, stranger)


def test_what_was_revoked_is_refused_and_the_rest_is_not(authority: Identity, tmp_path: Path) -> None:
    lost, kept = issue_to_client(authority, "front"), issue_to_client(authority, "back")
    crl = tmp_path / "revoked.crl"
    crl.write_bytes(revocation_list(authority, [serial_of(lost.certificate)]))
    options = ("-crl_check", "-CRLfile", str(crl))
    assert "revoked" in verify(tmp_path, authority, lost, *options)
    assert verify(tmp_path, authority, kept, *options).endswith("OK\n")


def test_no_two_certificates_have_one_serial_number(authority: Identity) -> None:
    assert len({serial_of(issue_to_client(authority, "front").certificate) for _ in range(20)}) == 20


@pytest.mark.parametrize("name", ["", "Front", "front door", "front/back", "+", "a" * 65, "é"])
def test_a_name_that_could_mislead_the_access_rules_is_refused(authority: Identity, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a client"):
        issue_to_client(authority, name)


def test_the_clients_that_are_no_units_have_names_that_no_unit_can_have() -> None:
    assert all("." in name for name in (SERVER, SHARED_DISPLAY, DESK, display("hall")))


def test_a_key_does_not_show_in_a_traceback(authority: Identity) -> None:
    assert "PRIVATE" not in repr(authority)
