"""Pictures of the pages, as Chromium shows them.

`python -m tests.browser.pictures` makes those of the README anew. With `FOLDER [WORD…]` every page, in three sizes,
both languages and schemes, empty, ordinary and full; with words only the pictures whose names have all of them.
"""

import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from server.web.serving import WebServer
from tests.furnished import furnish
from tests.web_house import PASSWORD, WebHouse

CHROMIUM = "/usr/bin/chromium"
CROWDS = {"empty": 0, "ordinary": 17, "full": 36}
SIZES = {"phone": (360, 740), "laptop": (1440, 900), "wide": (1920, 1080)}
PAGES = {
    "login": "/login",
    "desk": "/",
    "members": "/members/",
    "member": "/members/3",
    "day": "/members/3/days/2026-11-23/",
    "new-member": "/members/new",
    "import": "/members/import",
    "guest": "/guests/new?member=3",
    "attach": "/taps/{tap}/attach",
    "badges": "/badges/",
    "badge-keys": "/badges/keys/",
    "settle": "/presence/settle",
    "muster": "/muster/",
    "figures": "/figures/",
    "changes": "/changes/",
    "set-aside": "/set-aside",
    "help": "/help",
    "password": "/password",
    "display": "/display",
    "display-room": "/display/rooms/open-space",
}
SHOWN = (
    ("desk", ("ordinary", "laptop", "light", "fr", "desk")),
    ("muster", ("ordinary", "phone", "dark", "fr", "muster")),
    ("wall", ("ordinary", "wide", "light", "fr", "display")),
)
"""The README's."""
SHOWN_IN = Path(__file__).parents[2] / "server" / "web" / "pictures"

LONG = {"members", "member", "badges", "muster", "figures", "changes", "set-aside", "help"}
"""Pages that go on below the window."""
PUBLIC = {"login", "display", "display-room"}


def wanted(words: list[str]) -> Iterator[tuple[str, str, str, str, str]]:
    """The pictures to be made, as crowd, size, scheme, language and page."""
    for parts in product(CROWDS, SIZES, ("light", "dark"), ("fr", "en"), PAGES):
        if all(word in parts for word in words):
            yield parts


def main(folder: Path, words: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for crowd in dict.fromkeys(parts[0] for parts in wanted(words)):
            with tempfile.TemporaryDirectory() as place:
                take_all(browser, Path(place), crowd, folder, words)
        browser.close()


def make_shown() -> None:
    """The README's pictures, as small as they can be read."""
    for name, words in SHOWN:
        with tempfile.TemporaryDirectory() as folder:
            main(Path(folder), list(words))
            [taken] = Path(folder).glob("*.jpg")
            taken.replace(SHOWN_IN / f"{name}.jpg")


def take_all(browser: Browser, place: Path, crowd: str, folder: Path, words: list[str]) -> None:
    """The pictures of one crowd, all of one place."""
    house = WebHouse(place)
    furnish(house, CROWDS[crowd])
    house.operator("Marie")
    server = WebServer(house.app, house.settings.web)
    server.start()
    for _, size, scheme, language, page in (parts for parts in wanted(words) if parts[0] == crowd):
        take(
            browser,
            server.port,
            folder / f"{page}-{crowd}-{size}-{scheme}-{language}.jpg",
            size,
            scheme,
            language,
            page,
        )
    server.stop()
    house.close()


def take(browser: Browser, port: int, file: Path, size: str, scheme: str, language: str, page: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale=language,
        base_url=f"http://127.0.0.1:{port}",
    )
    tab = context.new_page()
    if page not in PUBLIC:
        tab.goto("/login")
        tab.fill("#name", "Marie")
        tab.fill("#password", PASSWORD)
        tab.click("main button")
        tab.wait_for_selector(".desk")
    address = PAGES[page]
    if "{tap}" in address:
        link = tab.query_selector("a[href^='/taps/']")
        address = link.get_attribute("href") or "/" if link else "/"
    tab.goto(address)
    tab.wait_for_timeout(300)
    tab.screenshot(path=file, full_page=page in LONG and size != "phone", type="jpeg", quality=72)
    context.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), sys.argv[2:])
    else:
        make_shown()
