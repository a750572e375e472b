"""Makes the README's picture of the bench: `python -m tests.browser.bench_picture [FILE]`.

A badge has opened the front door, a copied one was refused at the back.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tests.running_demo import ROOT, RunningDemo

PICTURE = ROOT / "server" / "demo" / "bench.jpg"
CHROMIUM = "/usr/bin/chromium"
SIZE, SCALE, QUALITY = ViewportSize(width=1440, height=860), 0.8, 82


def main(picture: Path = PICTURE) -> None:
    """Starts the demo, does what a visitor does, and takes the picture."""
    with RunningDemo("--for", "60") as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, device_scale_factor=SCALE, locale="fr-FR", color_scheme="light")
        page.goto(demo.bench)
        expect(page.locator("#present")).not_to_have_text("–")
        present(page, "stranger", "porte-arriere")
        expect(page.locator("[data-unit='porte-arriere'] .answer.no")).to_be_visible()
        page.wait_for_timeout(1_500)
        present(page, "ines", "porte-avant")
        page.locator("[data-unit='porte-avant'].is-free [data-act='keep']").click()
        expect(page.locator("#story")).to_contain_text("(+1)")
        present(page, "copy", "porte-arriere")
        expect(page.locator("#story")).to_contain_text("Badge copié : refus")
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(450)  # both rings are in the midst of what they say
        page.screenshot(path=picture, type="jpeg", quality=QUALITY)
        browser.close()


def present(page: Page, badge: str, unit: str) -> None:
    """Holds a badge to a reader."""
    page.locator(f"[data-badge='{badge}']").click()
    page.locator(f"[data-unit='{unit}'] .reader").first.click()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
