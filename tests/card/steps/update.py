"""An update that does not do well goes back by itself; one that does stays."""

import hashlib
import shutil
import time
import zipfile
from pathlib import Path

from tests.card.place import UNIT
from tests.card.step import step
from tests.card.steps.first_start import RELEASE
from tests.card.world import World

CURRENT = "readlink /opt/poincon/current"
BROKEN = b'raise SystemExit("a release that cannot start")\n'


@step(
    "update-back", "an update whose program cannot start goes back by itself to the former release, and the door opens"
)
def update_back(world: World) -> str:
    before = world.console.ask(CURRENT)
    began_s = time.monotonic()
    said = world.place.said("unit", "update", UNIT, "--release", str(_release(world, "broken", broken=True)))
    assert said.status == 1, said.text
    world.wait_ready()
    after = world.console.ask(CURRENT)
    assert after == before, f"{before} {after}"
    return (
        f"back on {after} after {time.monotonic() - began_s:.0f} s; told: {said.text.splitlines()[-1]}; {world.tap()}"
    )


@step("update", "an update: the unit fetches the release over the network, is switched to it, and says so")
def update(world: World) -> str:
    before = world.console.ask(CURRENT)
    began_s = time.monotonic()
    said = world.place.said("unit", "update", UNIT, "--release", str(_release(world, "next", broken=False)))
    assert said.status == 0, said.text
    after = world.console.ask(CURRENT)
    assert after != before, after
    return f"from {before} to {after} in {time.monotonic() - began_s:.0f} s; {world.tap()}"


def _release(world: World, name: str, *, broken: bool) -> Path:
    """A release like the one that is installed, under another id."""
    folder = world.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(RELEASE, folder)
    with (folder / "firmware-config" / "README.md").open("a") as file:
        file.write(f"\nRelease {name}.\n")
    if broken:
        _break(next(folder.glob("poincon-*.whl")))
    names = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in names]
    (folder / "SHA256SUMS").write_text("".join(lines))
    return folder


def _break(wheel: Path) -> None:
    """The program ends as soon as it is started."""
    beside = wheel.with_suffix(".part")
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry, BROKEN if entry.filename == "device/app.py" else content)
    beside.rename(wheel)
