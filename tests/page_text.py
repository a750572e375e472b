"""What a reader reads of a page of the web, a line for each block and each row of a table."""

import html
import re

MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
UNSEEN = re.compile(r"<(script|style|head|template)\b.*?</\1>|<!--.*?-->", re.DOTALL)
INLINE = re.compile(r"</?(?:a|abbr|b|bdi|br|code|em|i|small|span|strong|td|th|time|use)\b[^>]*>")
BLOCK = re.compile(r"<[^>]+>")


def page_text(page: str) -> str:
    """The words of its main part, with plain spaces: nothing of attributes, so that no token is in it."""
    (main,) = MAIN.findall(page)
    blocks = BLOCK.split(INLINE.sub(" ", UNSEEN.sub("", main)))
    lines = (" ".join(html.unescape(block).split()) for block in blocks)
    return "".join(f"{line}\n" for line in lines if line)
