"""What a card holds, wherever it is written to, and where it is refused."""

import re
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from device.contract.unit_settings import read_unit_settings
from server.cards import card
from server.cards.boot_partition import BEGIN, BY_THE_KERNEL, MOUNTED
from server.cards.card import CardSubject, MachineCard
from server.cards.first_start import CLOUD_INIT, FirstStart, Wifi
from server.cards.release import CHECKOUT, ReleaseFolder
from server.cards.writing import write_folder, write_zip
from tests.server.cli.conftest import CommandLine

ROOT = Path(__file__).parents[3]
HARD_WIFI = Wifi('L\'été: "chez" nous #1', 'a"b: {c} \\ #d%')
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKx marie@portable"
FACTS = {"format": 1, "kind": "unit", "host": "poincon-front", "version": "9.9.9", "machine": "aarch64"}


@pytest.fixture
def network(tmp_path: Path) -> CommandLine:
    """A place whose broker asks for certificates, with one door."""
    cli = CommandLine(tmp_path / "place")
    cli.out("init", str(cli.folder), "--host", "192.0.2.10")
    cli.out("unit", "add", "front", "--kind", "door", "--out", str(tmp_path / "front"))
    return cli


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    (folder / "wheels").mkdir(parents=True)
    (folder / "VERSION").write_text("9.9.9\n")
    (folder / "SHA256SUMS").write_text("")
    (folder / "poincon-9.9.9-py3-none-any.whl").write_bytes(b"wheel")
    (folder / "wheels" / "paho.whl").write_bytes(bytes(100_000))
    (folder / "firmware-config").symlink_to(ROOT / "firmware-config")
    return folder


@pytest.fixture
def boot(tmp_path: Path) -> Path:
    """The boot partition of a Bookworm, which has no cloud-init."""
    folder = tmp_path / "bootfs"
    folder.mkdir()
    (folder / "config.txt").write_text("dtparam=audio=on\n")
    (folder / "cmdline.txt").write_text("console=serial0,115200 root=PARTUUID=1-02 rootwait quiet\n")
    (folder / "issue.txt").write_text("Raspberry Pi reference 2025-05-13\nGenerated using pi-gen\n")
    return folder


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_the_card_of_a_unit_says_what_it_is_and_has_its_secrets(
    network: CommandLine, release: Path, tmp_path: Path
) -> None:
    out = tmp_path / "card"
    network.out(
        "card", "unit", "front", "--from", str(tmp_path / "front"), "--release", str(release), "--out", str(out)
    )
    facts = tomllib.loads((out / "poincon" / "card.toml").read_text())
    assert facts == FACTS | {"systems": ["bookworm", "trixie"]}
    assert bytes_in(out / "poincon" / "unit") == bytes_in(tmp_path / "front")
    assert (out / "poincon" / "release" / "wheels" / "paho.whl").stat().st_size == 100_000
    assert (out / "poincon" / "unit" / "unit.key").stat().st_mode & 0o077 == 0
    assert network.refusal("card", "unit", "front", "--out", str(out)).startswith(f"{out} a déjà un poincon/card.toml")


def test_a_card_made_without_its_folder_shuts_the_former_out(network: CommandLine, tmp_path: Path) -> None:
    network.out("card", "unit", "front", "--hardware", "pi5", "--out", str(tmp_path / "card"))
    made = tmp_path / "card" / "poincon" / "unit"
    assert len((network.folder / "secrets" / "revoked").read_text().split()) == 1
    assert [each.device for each in read_unit_settings(made / "unit.toml").readers] == [
        "tty:AMA0:pn532",
        "tty:AMA2:pn532",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("unit", "back"), "pas d'unité back"),
        (("unit", "front", "--wifi", "nous", "--password-stdin"), "8 à 63 caractères"),
        (("unit", "front", "--wifi", "n" * 33, "--password-stdin"), "ne peut pas être le nom"),
        (("unit", "front", "--ssh-key", "{private}"), "pas une clé SSH publique"),
        (("unit", "front", "--release", "{empty}"), "il y manque VERSION"),
        (("unit", "front", "--from", "{empty}"), "n'a pas de unit.toml"),
    ],
)
def test_what_cannot_be_changes_nothing(
    network: CommandLine, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "private").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    names = {name: str(tmp_path / name) for name in ("empty", "private")}
    words = tuple(word.format(**names) for word in words)
    assert told in network.refusal("card", *words, "--out", str(tmp_path / "card"), stdin="short\n")
    assert not (tmp_path / "card").exists()
    assert not (network.folder / "secrets" / "revoked").exists()


def test_another_units_folder_is_not_taken_for_this_ones(network: CommandLine, tmp_path: Path) -> None:
    network.out("unit", "add", "back", "--kind", "door")
    told = network.refusal("card", "unit", "back", "--from", str(tmp_path / "front"), "--out", str(tmp_path / "card"))
    assert "celui de l'unité front, pas de back" in told


def test_the_card_of_a_server_needs_no_place_and_has_no_secret(tmp_path: Path) -> None:
    nowhere = CommandLine(tmp_path / "nothing")
    nowhere.out("card", "server", "--out", str(tmp_path / "card"))
    facts = tomllib.loads((tmp_path / "card" / "poincon" / "card.toml").read_text())
    assert (facts["kind"], facts["host"]) == ("server", "poincon")
    assert not (tmp_path / "card" / "poincon" / "unit").exists()


def test_the_card_of_a_screen_has_its_page(tmp_path: Path) -> None:
    CommandLine(tmp_path).out("card", "display", "http://poincon.local/display", "--out", str(tmp_path / "card"))
    assert tomllib.loads((tmp_path / "card" / "poincon" / "card.toml").read_text())["url"].endswith("/display")


def test_a_card_without_a_program_says_what_to_do_in_both_languages(tmp_path: Path, release: Path) -> None:
    write_folder(MachineCard(CardSubject("server", "poincon"), None), tmp_path / "without")
    write_folder(MachineCard(CardSubject("server", "poincon"), ReleaseFolder(release)), tmp_path / "with")
    without, with_one = ((tmp_path / name / "LISEZ-MOI.txt").read_text("utf-8") for name in ("without", "with"))
    assert "pas encore de programme" in without and "has no program yet" in without
    assert "pas encore de programme" not in with_one
    assert "http://poincon.local" in with_one


def test_a_zip_has_the_very_files_of_the_folder(tmp_path: Path, release: Path) -> None:
    made = MachineCard(CardSubject("unit", "poincon-front", {"unit.key": b"secret"}), ReleaseFolder(release))
    write_folder(made, tmp_path / "card")
    with (tmp_path / "card.zip").open("wb") as file:
        write_zip(made, file)
    with zipfile.ZipFile(tmp_path / "card.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    fresh = dict.fromkeys(CLOUD_INIT, b"")
    assert packed | fresh == bytes_in(tmp_path / "card") | fresh


def test_every_card_is_an_instance_of_its_own(tmp_path: Path) -> None:
    made = MachineCard(CardSubject("unit", "poincon-front"), None)
    texts = [dict(made.files())["meta-data"] for _ in range(2)]
    assert texts[0] != texts[1]
    assert {yaml.safe_load(text)["local-hostname"] for text in texts if isinstance(text, bytes)} == {"poincon-front"}


def test_wifi_and_key_are_said_as_cloud_init_reads_them() -> None:
    start = FirstStart("poincon-front", "1", HARD_WIFI, KEY)
    templates = CHECKOUT / "firmware-config" / "first-start"
    network = yaml.safe_load(start.text_of("network-config", templates))
    points = network.get("network", network)["wifis"]["wlan0"]["access-points"]
    assert points == {HARD_WIFI.name: {"password": HARD_WIFI.password}}
    user = yaml.safe_load(start.text_of("user-data", templates))
    assert user["users"][0]["ssh_authorized_keys"] == [KEY]
    assert "@" not in re.sub(KEY, "", start.text_of("user-data", templates))


def test_no_repr_tells_a_secret() -> None:
    subject = CardSubject("unit", "poincon-front", {"unit.key": b"PRIVATE"})
    assert "PRIVATE" not in repr(MachineCard(subject, None, FirstStart(wifi=HARD_WIFI)))
    assert HARD_WIFI.password not in repr(MachineCard(subject, None, FirstStart(wifi=HARD_WIFI)))


def test_onto_a_system_with_cloud_init_goes_the_whole_card(tmp_path: Path, boot: Path, release: Path) -> None:
    (boot / "user-data").write_text("#cloud-config\n")
    before = (boot / "cmdline.txt").read_text()
    CommandLine(tmp_path).out("card", "server", "--release", str(release), "--onto", str(boot))
    assert "poincon" in (boot / "user-data").read_text()
    assert (boot / "cmdline.txt").read_text() == before


def test_onto_a_system_without_it_the_kernel_starts_the_card_however_often_it_is_made(
    tmp_path: Path, boot: Path, release: Path
) -> None:
    cli = CommandLine(tmp_path)
    for _ in range(2):
        cli.out("card", "server", "--release", str(release), "--onto", str(boot))
    line = (boot / "cmdline.txt").read_text()
    assert line.count(BY_THE_KERNEL) == line.count("systemd.run=") == 1
    assert line.startswith("console=serial0,115200 root=PARTUUID=1-02 rootwait quiet systemd.run=")
    assert line.count("\n") == 1
    assert not (boot / "user-data").exists()
    begin = Path(BEGIN).relative_to(f"{MOUNTED}/poincon/release")
    assert (CHECKOUT / begin).is_file()
    assert "--release" in cli.refusal("card", "server", "--onto", str(boot))
    assert "pas cloud-init" in cli.refusal(
        *("card", "server", "--wifi", "nous", "--password-stdin", "--onto", str(boot)), stdin="assez long\n"
    )


@pytest.mark.parametrize("missing", ["config.txt", "cmdline.txt", "issue.txt"])
def test_a_folder_that_is_no_boot_partition_is_left_alone(
    network: CommandLine, tmp_path: Path, boot: Path, missing: str
) -> None:
    (boot / missing).unlink()
    before = bytes_in(boot)
    assert missing in network.refusal("card", "unit", "front", "--onto", str(boot))
    assert bytes_in(boot) == before
    assert not (network.folder / "secrets" / "revoked").exists()


def test_another_system_is_not_taken_for_raspberry_pi_os(tmp_path: Path, boot: Path) -> None:
    (boot / "issue.txt").write_text("Ubuntu 24.04\n")
    assert "autre système" in CommandLine(tmp_path).refusal("card", "server", "--onto", str(boot))


def test_the_name_of_a_machine_can_stand_in_a_network() -> None:
    assert [card.unit_host(name) for name in ("front", "a" * 32, "porte-", "-")] == [
        "poincon-front",
        f"poincon-{'a' * 32}",
        "poincon-porte",
        "poincon",
    ]
