"""A place with a web that a real Chromium visits."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from server.web.serving import WebServer
from tests.web_house import WebHouse

CHROMIUM = "/usr/bin/chromium"
LAPTOP, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=360, height=740)

PATIENCE = 60_000  # ms: how long a slow machine may take for what Playwright waits for; a quick one never sees it

CUT_ON_PURPOSE = re.compile(
    "ERR_(FAILED|ABORTED|CONNECTION_(REFUSED|RESET)|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)|status of (401|409|422)"
)

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    house = WebHouse(tmp_path)
    house.operator("Marie")
    yield house
    house.close()


@pytest.fixture
def server(house: WebHouse) -> Iterator[WebServer]:
    server = WebServer(house.app, house.settings.web)
    server.start()
    yield server
    server.stop()


class Windows:
    """Windows of a browser at one desk, each with cookies of its own; what is wrong in their consoles is kept."""

    def __init__(self, browser: Browser, port: int) -> None:
        self.here = f"http://127.0.0.1:{port}"
        self.faults: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def open(self, path: str = "/", *, cookie: str = "", **options: Any) -> Page:
        """A page in a window of its own; `cookie` is that of somebody who is logged in."""
        wanted = {"viewport": LAPTOP, "locale": "fr-FR"} | options
        context = self._browser.new_context(base_url=self.here, **wanted)
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: self.faults.append(message.text) if _is_fault(message) else None)
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("request", lambda request: None if "//127.0.0.1:" in request.url else self.faults.append(request.url))
        if cookie:
            context.add_cookies([{"name": "poincon", "value": cookie, "url": self.here}])
        page.goto(path)
        return page

    def close(self) -> None:
        """Closes them all."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def opened(browser: Browser, house: WebHouse, server: WebServer) -> Iterator[Open]:
    """Opens a page in a window of its own, logged in; at the end nothing may have been wrong in any console."""
    windows = Windows(browser, server.port)

    def open_page(path: str = "/", *, login: bool = True, **options: Any) -> Page:
        return windows.open(path, cookie=house.desk().cookie if login else "", **options)

    yield open_page
    windows.close()
    assert windows.faults == []


def _is_fault(message: ConsoleMessage) -> bool:
    """Everything wrong but what a test itself cuts off."""
    return message.type == "error" and not CUT_ON_PURPOSE.search(message.text)
