"""A text is its snapshot to the byte, and no snapshot is left over."""

from pathlib import Path

import pytest

from tests.page_text import page_text
from tests.snapshots import FOLDER, Snapshots

HERE = Path(__file__).parent


def test_a_text_that_changed_fails_with_its_lines_and_is_written_when_that_is_asked(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    Snapshots(folder, update=True).same("bill.txt", "one\ntwo €\n")
    Snapshots(folder, update=False).same("bill.txt", "one\ntwo €\n")
    with pytest.raises(pytest.fail.Exception, match=r"\n-two €\\n\n\+two\\xa0€\\n\n.*--snapshot-update"):
        Snapshots(folder, update=False).same("bill.txt", "one\ntwo\u00a0€\n")
    assert (folder / "bill.txt").read_bytes() == "one\ntwo €\n".encode()


def test_a_text_without_a_snapshot_fails(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="\n\\+one"):
        Snapshots(tmp_path / FOLDER, update=False).same("bill.txt", "one\n")
    assert list(tmp_path.iterdir()) == []


def test_every_snapshot_is_named_in_a_test_beside_it() -> None:
    for kept in HERE.rglob(f"{FOLDER}/*"):
        sources = [path.read_text("utf-8") for path in kept.parents[1].glob("*.py")]
        name = kept.name.partition(".")[0]
        assert any(f'"{name}"' in source or f'"{name}.' in source for source in sources), kept.relative_to(HERE)


def test_a_page_is_told_by_its_blocks_and_rows() -> None:
    main = "<h1>A&nbsp;<b>bold</b> name</h1><script>no()</script><tr><td>1</td><td>2</td></tr>"
    assert page_text(f"<nav>Top</nav><main>{main}</main>") == "A bold name\n1 2\n"
