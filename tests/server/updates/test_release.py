"""What the server gives to units."""

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from device.contract.release import is_older, statement
from server.errors import Refusal
from server.site.certificates import new_authority
from server.updates import release
from tests.releases import made_release


def test_a_release_is_packed_to_the_same_bytes_wherever_and_whenever(tmp_path: Path) -> None:
    first = release.packed(made_release(tmp_path / "a"), tmp_path / "site")
    again = shutil.copytree(tmp_path / "a", tmp_path / "b", copy_function=shutil.copyfile)
    (again / "firmware-config/install").chmod(0o755)
    (tmp_path / "other").mkdir()
    assert release.packed(again, tmp_path / "other").sha256 == first.sha256
    with tarfile.open(first.path) as archive:
        assert {(each.uid, each.mtime) for each in archive} == {(0, 0)}
        assert [each.name for each in archive] == [
            "release/SHA256SUMS",
            "release/VERSION",
            "release/firmware-config/install",
            "release/poincon-0.4.0-py3-none-any.whl",
        ]


@pytest.fixture(autouse=True)
def site(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


@pytest.mark.parametrize("what", ["changed", "missing", "unlisted"])
def test_a_release_that_is_not_whole_is_not_given(what: str, tmp_path: Path, site: Path) -> None:
    folder = made_release(tmp_path / "release")
    script = folder / "firmware-config/install"
    if what == "changed":
        script.write_text("rm -rf /\n")
    elif what == "missing":
        script.unlink()
    else:
        (folder / "more").write_text("x")
    with pytest.raises(Refusal, match="release_not_whole"):
        release.packed(folder, site)
    assert release.archive_of(release.id_of(folder), site) is None


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no_release"):
        release.id_of(tmp_path)


def test_the_two_newest_archives_are_kept(tmp_path: Path, site: Path) -> None:
    made = [release.packed(made_release(tmp_path / str(nth), f"0.{nth}.0"), site) for nth in range(3)]
    assert [release.archive_of(each.id, site) is not None for each in made] == [False, True, True]


def test_no_path_of_the_callers_is_used(tmp_path: Path, site: Path) -> None:
    packed = release.packed(made_release(tmp_path / "release"), site)
    assert release.archive_of(packed.id, site) == packed.path
    assert release.archive_of(f"../updates/{packed.id}", site) is None


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_openssl_knows_the_authoritys_signature(tmp_path: Path, site: Path) -> None:
    authority, packed = new_authority("here"), release.packed(made_release(tmp_path / "release"), site)
    files = {"crt": authority.certificate, "said": statement(packed.id, packed.sha256)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "base64").write_text(release.signature_of(packed, authority) + "\n")
    script = (
        "openssl base64 -d -A -in base64 -out signature && openssl x509 -in crt -noout -pubkey -out key &&"
        " openssl dgst -sha256 -verify key -signature signature said"
    )
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "Verified OK\n", done.stderr


@pytest.mark.parametrize(
    ("one", "other", "older"),
    [
        ("0.3.9-11111111", "0.4.0-22222222", True),
        ("0.10.0-11111111", "0.9.0-22222222", False),
        ("0.4.0-11111111", "0.4.0-22222222", False),
        ("0.4-11111111", "0.4.0-22222222", False),
        ("1.0.0-11111111", "0.4.0-22222222", False),
    ],
)
def test_versions_are_compared_by_their_numbers(one: str, other: str, older: bool) -> None:
    assert is_older(one, other) == older
