"""The broker goes away, and the unit's certificate is refused."""

import time

from tests.card.place import BADGE, UNIT
from tests.card.step import step
from tests.card.world import SLOW_S, World

LOG = "journalctl -u poincon-unit --no-pager -o cat"


@step(
    "broker-gone",
    "the broker is gone: a badge opens all the same, and its tap reaches the server when the broker is back",
)
def broker_gone(world: World) -> str:
    since, machine = world.place.newest(), world.machine
    assert machine.is_on
    world.place.broker.stop()
    try:
        world.console.ask(f"until {LOG} | tail -n 5 | grep -q 'broker unreachable\\|broker lost'; do sleep 2; done")
        pulse = world.tap()
    finally:
        world.place.broker.start()
        began_s = time.monotonic()
    world.place.wait_for_event("access", since, SLOW_S, credential=BADGE)
    assert world.taps_kept(since) == 1
    return f"{pulse}; at the server {time.monotonic() - began_s:.0f} s after the broker came back, once"


@step("revoked", "the unit's certificate is revoked: it is shut out, says so in its log, and the door still opens")
def revoked(world: World) -> str:
    assert world.machine.is_on
    site = world.place.site
    issued = site.secrets_folder / "issued" / f"{UNIT}.crt"
    kept = [(path, path.read_bytes()) for path in (issued, site.broker_folder / "revoked.crl")]
    spent = site.secrets_folder / "revoked"
    before = spent.read_bytes() if spent.exists() else None
    site.revoke_unit(UNIT)
    world.place.broker.restart()  # as poincon-broker-reload.path does
    try:
        return _refused(world)
    finally:
        for path, content in kept:
            path.write_bytes(content)
        spent.unlink() if before is None else spent.write_bytes(before)
        world.place.broker.restart()
        world.place.wait_for_state(lambda state: state.online, SLOW_S)


@step("expired", "the unit's certificate has expired: as with one that is revoked")
def expired(world: World) -> str:
    assert world.machine.is_on
    from tests.card.expired import expired_identity

    identity = expired_identity(world.place.site.authority, UNIT)
    folder = "/var/lib/poincon-unit"
    console = world.console
    console.ask(f"cd {folder} && cp -a unit.crt unit.key /root/")
    for name, content in (("unit.crt", identity.certificate), ("unit.key", identity.key)):
        console.ask(f"cat >{folder}/{name} <<'PEM'\n{content.decode()}PEM")
    console.ask("systemctl restart poincon-unit")
    try:
        return _refused(world)
    finally:
        console.ask(f"cp -a /root/unit.crt /root/unit.key {folder}/; systemctl restart poincon-unit")
        world.wait_ready()


def _refused(world: World) -> str:
    world.console.ask(f"until {LOG} | tail -n 8 | grep -q 'broker unreachable\\|refuses'; do sleep 2; done")
    told = world.console.run(f"{LOG} | grep 'broker unreachable.*certificate\\|refuses' | tail -n 1").text
    assert told, world.console.ask(f"{LOG} | tail -n 8")
    return f"{world.tap()}; its log: {told}"
