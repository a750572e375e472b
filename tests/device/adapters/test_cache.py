import pytest

from device.adapters.cache import Cache


@pytest.fixture
def told():
    return []


@pytest.fixture
def cache(tmp_path, told):
    return Cache(tmp_path, lambda *what: told.append(what))


def test_what_was_written_is_told(cache, told):
    cache.keep("mode", b"{}")
    cache.close()
    assert told == [("mode", b"{}")]


def test_what_was_kept_is_found_by_the_next_start(tmp_path, cache):
    cache.keep("access-list", b"old")
    cache.keep("access-list", b"new")
    cache.keep("inside", b"{}")
    cache.close()
    again = Cache(tmp_path, print)
    assert (again.load("access-list"), again.load("inside"), again.load("mode")) == (b"new", b"{}", None)
    again.close()


def test_nothing_half_written_is_left(tmp_path, cache):
    cache.keep("access-list", b"x" * 1_000_000)
    cache.close()
    assert [path.name for path in tmp_path.iterdir()] == ["access-list.json"]


def test_a_disk_that_does_not_write_stops_nothing(tmp_path, cache, caplog):
    tmp_path.joinpath("inside.new").mkdir()
    cache.keep("inside", b"{}")
    cache.keep("mode", b"{}")
    cache.close()
    assert "cache not written name=inside" in caplog.text
    assert Cache(tmp_path, print).load("mode") == b"{}"
