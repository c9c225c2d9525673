"""The text of a PDF made by Chromium, page by page: enough to see what a page prints."""

import re
from io import BytesIO
from typing import Any

import pikepdf

CODES = re.compile(rb"<([0-9A-Fa-f]+)>")


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, without the blanks between words."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [_text_of(page) for page in document.pages]


def _text_of(page: Any) -> str:
    fonts = {name: _characters(font) for name, font in page.Resources.get("/Font", {}).items()}
    found, font = [], {}
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, instruction.operator
        if str(operator) == "Tf":
            font = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            found += [font.get(codes[at : at + 2], "") for at in range(0, len(codes), 2)]
    return "".join(found).replace(" ", "").replace("\xa0", "")


def _characters(font: Any) -> dict[bytes, str]:
    """Return the character of each glyph, from the map that Chromium writes into the file."""
    found: dict[bytes, str] = {}
    text = font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""
    for kind, block in re.findall(rb"begin(bfchar|bfrange)(.*?)end", text, re.DOTALL):
        for line in block.strip().splitlines():
            codes = [bytes.fromhex(code.decode()) for code in CODES.findall(line)]
            if kind == b"bfchar":
                found[codes[0]] = codes[1].decode("utf-16-be")
            else:
                first, last, target = (int.from_bytes(code, "big") for code in codes[:3])
                found |= {(first + n).to_bytes(2, "big"): chr(target + n) for n in range(last - first + 1)}
    return found
