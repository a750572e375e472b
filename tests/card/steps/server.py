"""The server's card in a machine of its own: first start, a place, broker, desk, backup, a unit that is removed."""

import json
import re
import ssl
import time
import urllib.parse
import urllib.request
from pathlib import Path

from tests.card.disks import boot_partition, file_on, overlay
from tests.card.roots import ROOT, server_root
from tests.card.server_machine import BROKER, DESK, HTTP, ServerMachine
from tests.card.step import step
from tests.card.steps.first_start import DONE, FLASHED, INSTALL_S, JOURNAL, RELEASE, make_release
from tests.card.world import SLOW_S, World
from tests.patience import wait_until

POINCON = "sudo -u poincon poincon -C /var/lib/poincon"
HOST = "poincon.local"
PLACE = "ici"
PASSWORD = "a long enough password"
OUT = "/root/unit"
LISTENER = ROOT / "tests/card/guest/listener.py"
SHUT_OUT_S = 2.0
ALLOWANCE_S = 8.0
"""Added to that under emulation, where Mosquitto takes seconds to start again."""


@step(
    "server",
    "the server's card: desk and broker answer from outside, a backup, a removed unit is shut out while connected",
    apart=True,
)
def server(world: World) -> str:
    folder = world.folder / "server"
    folder.mkdir(exist_ok=True)
    machine = _installed(world, folder)
    try:
        told = [_place(machine), _answers(machine), _backup(machine), _removed(machine)]
    finally:
        machine.cut_power()
    return "; ".join(told)


def _installed(world: World, folder: Path) -> ServerMachine:
    make_release()
    boot = folder / "boot"
    boot.mkdir(exist_ok=True)
    for name, text in FLASHED.items():
        (boot / name).write_text(text)
    world.place.command("card", "server", "--onto", str(boot), "--release", str(RELEASE))
    boot_partition(folder / "boot.img", boot)
    overlay(folder / "root.qcow2", server_root().disk)
    machine = ServerMachine(folder / "machine", server_root(), [folder / "root.qcow2", folder / "boot.img"])
    world.has(machine)
    try:
        machine.boot()
        machine.console.ask("until test -e /var/lib/poincon-first-start/done; do sleep 2; done; sync", INSTALL_S)
        assert DONE in file_on(folder / "boot.img", JOURNAL)
    except BaseException:
        machine.cut_power()
        raise
    return machine


def _place(machine: ServerMachine) -> str:
    """What a browser does with the first page, at http://poincon.local: fills it in once, then finds the desk there."""
    installed_s = time.monotonic() - machine.began_s
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    browser.addheaders = [("Host", HOST)]
    address = f"http://127.0.0.1:{machine.ports[HTTP]}/"
    with browser.open(address, timeout=SLOW_S) as page:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert token is not None, "the first page has no form"
    typed = {
        "name": "Ici",
        "site_id": PLACE,
        "operator": "Claire",
        "password": PASSWORD,
        "again": PASSWORD,
        "host": HOST,
    }
    form = urllib.parse.urlencode({**typed, "csrf_token": token[1]}).encode()
    with browser.open(address, form, timeout=SLOW_S) as page:
        assert "AGE-SECRET-KEY" in page.read().decode().upper(), "the key of the backups is not shown"
    wait_until(lambda: _is_desk(browser, address), patience_s=SLOW_S, why=lambda: "no desk")
    made_s = time.monotonic() - machine.began_s
    return f"first page {installed_s:.0f} s after power-on, at port 80; filled in; the desk there at {made_s:.0f} s"


def _is_desk(browser: urllib.request.OpenerDirector, address: str) -> bool:
    try:
        with browser.open(f"{address}login", timeout=SLOW_S) as page:
            return b'type="password"' in page.read()
    except OSError:  # nobody there, or not yet
        return False


def _answers(machine: ServerMachine) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{machine.ports[DESK]}/healthz", timeout=SLOW_S) as answer:
        health = json.load(answer)
    certificate = ssl.get_server_certificate(("127.0.0.1", machine.ports[BROKER]), timeout=SLOW_S)
    assert "BEGIN CERTIFICATE" in certificate
    return f"desk says {health.get('status', health)}, broker has its certificate"


def _backup(machine: ServerMachine) -> str:
    machine.console.ask("systemctl start poincon-backup.service", SLOW_S)
    made = machine.console.ask("ls /var/backups/poincon")
    assert made, "no backup"
    return f"backup {made.split()[0]}"


def _removed(machine: ServerMachine) -> str:
    """A unit is connected, then removed at the desk: how long until its connection ends."""
    console = machine.console
    console.ask(f"{POINCON} unit add front --kind door --out /tmp/front && cp -r /tmp/front {OUT}", SLOW_S)
    console.ask(f"cat >/root/listener.py <<'PYTHON'\n{LISTENER.read_text()}PYTHON")
    console.ask(
        f"cd {OUT} && (setsid /opt/poincon/current/venv/bin/python /root/listener.py {PLACE} >/root/heard 2>&1 &)"
    )
    _heard(machine, "connected")
    console.ask(f"{POINCON} unit remove front; date +%s.%N >/root/removed", SLOW_S)
    _heard(machine, "ended")
    ended = float(console.ask("sed -n 's/^ended //p' /root/heard"))
    after_s = ended - float(console.ask("cat /root/removed"))
    assert after_s <= SHUT_OUT_S + ALLOWANCE_S, f"{after_s:.1f} s"
    return f"a removed unit's connection ended {after_s:.1f} s after"


def _heard(machine: ServerMachine, word: str) -> None:
    """Waits for what the listener says; raises `AssertionError` with all that it said where it ended before."""
    runs = "pgrep -f /root/listener.py >/dev/null"
    machine.console.ask(f"until grep -q '^{word}' /root/heard || ! {runs}; do sleep 0.2; done", SLOW_S)
    said = machine.console.ask("cat /root/heard")
    assert word in said, said
