"""The words of a PDF as Chromium prints it: its fonts say which sign each glyph is (ISO 32000-1, 9.10.3)."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.S)
_PIECE = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|(Tj|TJ|BT|ET|Tm)")


def words(pdf: bytes) -> str:
    """All that is written on its pages, in the order it is drawn, without spaces between runs of signs."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {name: _signs(objects, int(number)) for name, number in _fonts(objects)}
    pages = [_inflated(body) for body in objects.values() if b"/Type /" not in body.split(b"stream")[0]]
    return "".join(_drawn(page, fonts) for page in pages if b" Tf" in page)


def _fonts(objects: dict[int, bytes]) -> set[tuple[bytes, bytes]]:
    found = set()
    for body in objects.values():
        for resources in re.findall(rb"/Font\s*<<(.*?)>>", body, re.S):
            found |= set(re.findall(rb"/(F\d+) (\d+) 0 R", resources))
    return found


def _signs(objects: dict[int, bytes], font: int) -> dict[int, str]:
    known = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    if known is None:
        return {}
    table, signs = _inflated(objects[int(known[1])]), {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.S):
        for glyph, sign in re.findall(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>", block):
            signs[int(glyph, 16)] = bytes.fromhex(sign.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, sign in re.findall(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>", block):
            for nth in range(int(last, 16) - int(first, 16) + 1):
                signs[int(first, 16) + nth] = chr(int(sign, 16) + nth)
    return signs


def _inflated(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*?)\r?\nendstream", body, re.S)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"/FlateDecode" in body.split(b"stream")[0] else found[1]


def _drawn(page: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    signs: dict[int, str] = {}
    text = []
    for font, glyphs, word in _PIECE.findall(page):
        if font:
            signs = fonts.get(font, {})
        elif glyphs:
            codes = (int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs), 4))
            text.append("".join(signs.get(code, "?") for code in codes))
        elif word == b"BT":
            text.append("\n")
    return "".join(text)
