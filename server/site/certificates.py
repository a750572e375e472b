"""The site's own certificate authority, and what it issues: one certificate for the broker, one for each client.

Nothing expires (RFC 5280, 4.1.2.5: 99991231235959Z), and everything is valid since 1970: a Pi without a battery for its
clock must reach the broker to be told the time. What is lost is revoked instead.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SINCE = datetime(1970, 1, 1, tzinfo=UTC)
UNTIL = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

SERVER, DESK, CARDS, SHARED_DISPLAY = "poincon.server", "poincon.desk", "poincon.cards", "poincon.display"
"""Names of clients that are no units: the full stop keeps them apart from every unit's name.

`DESK` is who the command line is when it orders a door, beside the running server; `CARDS` when it speaks to a badge on
a lent reader, which takes as long as people do, and an order to a door waits for nobody. `SHARED_DISPLAY` is who every
display was before each had a name of its own: in places made since there is none.
"""

HOME_ASSISTANT = "home-assistant"
"""The display that also reads what it discovers, and the units' states."""

ALLOWED_NAME = re.compile(r"[a-z0-9.-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Identity:
    """A certificate and its private key, both PEM; the key is left out of its `repr`."""

    certificate: bytes
    key: bytes

    def __repr__(self) -> str:
        return f"Identity(serial={serial_of(self.certificate):x})"


def new_authority(site: str) -> Identity:
    """An authority for the place `site`, which may issue to clients and brokers and to no further authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(f"Poincon {site}")
    builder = _builder(name, name, key.public_key(), key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(authority=True), critical=True)
    return _identity(builder.sign(key, hashes.SHA256()), key)


def display(name: str) -> str:
    """Who the display `name` is at the broker."""
    return name if name == SHARED_DISPLAY else f"display.{name}"


def issue_to_broker(authority: Identity, host: str) -> Identity:
    """A certificate for a broker that is reached as `host`, and as this machine itself."""
    hosts = list(dict.fromkeys([host, "localhost", "127.0.0.1", "::1"]))
    names = x509.SubjectAlternativeName([_alternative(each) for each in hosts])
    return _issue(authority, host[:64], ExtendedKeyUsageOID.SERVER_AUTH, names)


def issue_to_client(authority: Identity, name: str) -> Identity:
    """A certificate that makes its holder the client `name` at the broker; raises `ValueError` for an odd name."""
    if not ALLOWED_NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a client")
    return _issue(authority, name, ExtendedKeyUsageOID.CLIENT_AUTH, None)


def revocation_list(authority: Identity, serials: Iterable[int]) -> bytes:
    """The PEM list of the certificates that the broker must refuse, by their serial numbers."""
    issuer, key = _loaded(authority)
    revoked = sorted(set(serials))
    builder = x509.CertificateRevocationListBuilder(issuer.subject, SINCE, UNTIL)
    builder = builder.add_extension(x509.CRLNumber(len(revoked)), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
    )
    for serial in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(SINCE).build()
        )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def serial_of(certificate: bytes) -> int:
    """The serial number of a PEM certificate; raises `ValueError` where it is none."""
    return x509.load_pem_x509_certificate(certificate).serial_number


def _issue(
    authority: Identity, name: str, usage: x509.ObjectIdentifier, names: x509.SubjectAlternativeName | None
) -> Identity:
    issuer, issuer_key = _loaded(authority)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_named(name), issuer.subject, key.public_key(), issuer_key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_key_usage(authority=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    return _identity(builder.sign(issuer_key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, signer: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number(), SINCE, UNTIL)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _loaded(authority: Identity) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = serialization.load_pem_private_key(authority.key, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the authority's key is not on an elliptic curve")
    return x509.load_pem_x509_certificate(authority.certificate), key


def _identity(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Identity:
    return Identity(
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
