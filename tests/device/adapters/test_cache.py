import os
from pathlib import Path
from queue import SimpleQueue

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.adapters.cache import Cache
from device.inbox import Input, Kept, NotKept

PATIENCE_S = 15.0
AT_ONCE_S = 0.01


@pytest.fixture
def told():
    return SimpleQueue()


@pytest.fixture
def cache(tmp_path, told):
    made = Cache(tmp_path, told.put, retry_s=AT_ONCE_S)
    yield made
    made.close()


def all_told(told):
    return [told.get() for _ in range(told.qsize())]


def kept(folder, *payloads, name="access-list"):
    """A folder in which these were kept under one name, each in its turn."""
    told: SimpleQueue[Input] = SimpleQueue()
    cache = Cache(folder, told.put)
    for payload in payloads:
        cache.keep(name, payload)
        assert told.get(timeout=PATIENCE_S) == Kept(name, payload)
    cache.close()
    return folder / f"{name}.json"


def found(folder, name="access-list"):
    cache = Cache(folder, print)
    cache.close()
    return cache.load(name)


def test_what_was_written_is_told(cache, told):
    cache.keep("mode", b"{}")
    cache.close()
    assert all_told(told) == [Kept("mode", b"{}")]


def test_what_was_kept_is_found_by_the_next_start_and_what_was_before_it_behind(tmp_path):
    kept(tmp_path, b"old", b"new")
    kept(tmp_path, b"{}", name="inside")
    assert (found(tmp_path), found(tmp_path, "inside"), found(tmp_path, "mode")) == ([b"new", b"old"], [b"{}"], [])


def test_of_several_that_wait_the_last_is_found(tmp_path, cache):
    for number in range(100):
        cache.keep("access-list", b"%d" % number)
    cache.close()
    assert found(tmp_path)[0] == b"99"


def test_nothing_half_written_is_left(tmp_path, cache):
    cache.keep("access-list", b"x" * 1_000_000)
    cache.close()
    assert [path.name for path in tmp_path.iterdir()] == ["access-list.json"]


def test_a_list_that_was_not_written_is_not_told_as_kept_and_is_tried_until_it_is(tmp_path, cache, told):
    in_the_way = tmp_path / "access-list.new"
    in_the_way.mkdir()
    cache.keep("access-list", b"6")
    assert told.get(timeout=PATIENCE_S) == NotKept("access-list")
    in_the_way.rmdir()  # there is space again
    while (news := told.get(timeout=PATIENCE_S)) == NotKept("access-list"):
        pass
    assert news == Kept("access-list", b"6")
    assert found(tmp_path) == [b"6"]


def test_a_disk_that_does_not_write_one_thing_stops_nothing_else(tmp_path, cache, told, caplog):
    tmp_path.joinpath("inside.new").mkdir()
    cache.keep("inside", b"{}")
    cache.keep("mode", b"{}")
    cache.close()
    assert "cache not written name=inside" in caplog.text
    assert Kept("mode", b"{}") in all_told(told)
    assert found(tmp_path, "mode") == [b"{}"]


def test_of_what_could_not_be_written_only_the_newest_is_tried_again(tmp_path, cache, told):
    in_the_way = tmp_path / "access-list.new"
    in_the_way.mkdir()
    for payload in (b"6", b"7"):
        cache.keep("access-list", payload)
        told.get(timeout=PATIENCE_S)
    cache.close()
    in_the_way.rmdir()
    assert Kept("access-list", b"6") not in all_told(told)


def test_the_content_is_on_the_disk_before_it_takes_the_old_ones_place_and_the_place_afterwards(tmp_path, told):
    kept(tmp_path, b"old")
    seen = []

    def sync(opened):
        where = Path(f"/proc/self/fd/{opened}").readlink()
        seen.append((where.name, (tmp_path / "access-list.json").read_bytes()[:3]))
        if where.suffix == ".new":
            assert (tmp_path / "access-list.new").read_bytes().startswith(b"new")
        os.fsync(opened)

    cache = Cache(tmp_path, told.put, sync=sync)
    cache.keep("access-list", b"new")
    cache.close()
    assert seen == [("access-list.new", b"old"), (tmp_path.name, b"new")]


def test_what_could_not_be_synced_is_not_told_as_kept(tmp_path, told):
    def sync(opened):
        raise OSError("no space left on device")

    cache = Cache(tmp_path, told.put, sync=sync)
    cache.keep("access-list", b"new")
    cache.close()
    assert set(all_told(told)) == {NotKept("access-list")}


def test_a_damaged_list_gives_way_to_the_one_before_it(tmp_path):
    path = kept(tmp_path, b'{"version":5}', b'{"version":6}')
    path.write_bytes(path.read_bytes().replace(b"6", b"7", 1))
    assert found(tmp_path) == [b"", b'{"version":5}']


def test_what_is_damaged_is_never_kept_as_the_one_before(tmp_path):
    path = kept(tmp_path, b"5", b"6")
    path.write_bytes(b"")
    kept(tmp_path, b"7")
    assert found(tmp_path) == [b"7", b"5"]


def test_a_new_list_that_was_whole_when_the_power_went_is_the_newest(tmp_path):
    path = kept(tmp_path, b"6")
    path.rename(path.with_suffix(".new"))
    kept(tmp_path / "other", b"5").rename(path)
    assert found(tmp_path) == [b"6", b"5"]


def test_half_a_new_list_is_none(tmp_path):
    path = kept(tmp_path, b"5")
    path.with_suffix(".new").write_bytes(b'{"version":6')
    assert found(tmp_path) == [b"5"]


def test_a_file_of_an_earlier_version_is_taken_as_it_is(tmp_path):
    (tmp_path / "mode.json").write_bytes(b'{"value":"locked"}')
    assert found(tmp_path, "mode") == [b'{"value":"locked"}']


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=60), st.data())
def test_whatever_rots_what_is_found_is_what_was_kept_or_nothing(tmp_path, payload, data):
    """One byte, or all from somewhere on; but for an end without its sum, which is for what reads it to judge."""
    path = kept(tmp_path, payload)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    path.write_bytes(content)
    (first, *_) = found(tmp_path)
    assert first in (b"", bytes(content)), "neither nothing nor told apart from JSON by its torn end"
    if at < len(payload):
        assert first == b""
    for each in tmp_path.iterdir():
        each.unlink()
