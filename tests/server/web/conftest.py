"""A place with a web, and somebody at its desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.site.connection_settings import WebSettings
from server.site.settings import ServerSettings, SiteSettings
from tests.web_house import Visitor, WebHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    house = WebHouse(tmp_path)
    yield house
    house.close()


@pytest.fixture
def desk(house: WebHouse) -> Visitor:
    house.operator("Marie")
    return house.desk("Marie")


@pytest.fixture
def tls_house(tmp_path: Path) -> Iterator[WebHouse]:
    settings = ServerSettings(site=SiteSettings(id="comptoir"), web=WebSettings(port=0, streams=20, behind_tls=True))
    house = WebHouse(tmp_path, settings)
    yield house
    house.close()
