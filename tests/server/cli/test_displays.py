"""`poincon display`: files for what reads the broker without being a unit."""

from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from server.certificates import DISPLAY, HOME_ASSISTANT
from tests.server.cli.conftest import CommandLine


def named(certificate: Path) -> str:
    subject = x509.load_pem_x509_certificate(certificate.read_bytes()).subject
    return str(subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def with_tls(cli: CommandLine) -> CommandLine:
    cli.set("tls = false", "tls = true")
    return cli


def test_home_assistant_is_given_a_name_of_its_own_that_the_access_rules_know(cli: CommandLine) -> None:
    (cli.folder / "broker" / "acl").write_text("user poincon.server\n")  # of a place that was made before
    made = with_tls(cli).json("display", "add", "--home-assistant")
    folder = Path(made["folder"])
    assert named(folder / "client.crt") == made["name"] == HOME_ASSISTANT
    assert (folder / "client.key").stat().st_mode & 0o777 == 0o600
    assert f"user {HOME_ASSISTANT}\ntopic read homeassistant/#" in (cli.folder / "broker" / "acl").read_text()


def test_home_assistants_former_files_are_refused_from_then_on(cli: CommandLine, tmp_path: Path) -> None:
    with_tls(cli).out("display", "add", "--home-assistant")
    assert "choisir un autre dossier" in cli.refusal("display", "add", "--home-assistant")
    cli.out("display", "add", "--home-assistant", "--out", str(tmp_path / "again"))
    former = x509.load_pem_x509_certificate((cli.folder / "displays" / HOME_ASSISTANT / "client.crt").read_bytes())
    revoked = x509.load_pem_x509_crl((cli.folder / "broker" / "revoked.crl").read_bytes())
    assert revoked.get_revoked_certificate_by_serial_number(former.serial_number) is not None


def test_a_display_is_given_what_displays_share(cli: CommandLine) -> None:
    told = with_tls(cli).out("display", "add")
    assert named(cli.folder / "displays" / DISPLAY / "client.crt") == DISPLAY
    assert "8883" in told or "1883" in told


def test_where_nobody_is_asked_there_is_nothing_to_give(cli: CommandLine) -> None:
    assert "il ne faut pas de certificat" in cli.refusal("display", "add", "--home-assistant")
