"""axe in a page: what keeps somebody from using it."""

from importlib.resources import files

from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = ["color-contrast", "target-size", "meta-viewport", "scrollable-region-focusable", "link-in-text-block"]
"""Of axe's rules, those that depend on colours and sizes."""


def load(page: Page) -> None:
    """Has it ready in a page that was just opened."""
    page.evaluate(AXE)


def faults(page: Page, rules: list[str]) -> list[tuple[str, str]]:
    """What axe finds in a page into which it was loaded: the rule and the beginning of the element."""
    found = page.evaluate("rules => axe.run({runOnly: rules})", rules)["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found]
