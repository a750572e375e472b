"""`python -m tests.mutants.replaced FILE OLD NEW TESTS…`: runs tests with one text of a file replaced by another."""

import sys
from pathlib import Path

import pytest

from tests.mutants.surgery import load_instead


def main(path: Path, old: str, new: str, *tests: str) -> int:
    """The exit status of pytest: 1 where the tests notice; 2 where that text is not there, exactly once."""
    source = path.read_text("utf-8")
    if source.count(old) != 1:
        print(f"{path} has this {source.count(old)} times: {old}")
        return 2
    load_instead(path, compile(source.replace(old, new), str(path.resolve()), "exec"))
    return pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
