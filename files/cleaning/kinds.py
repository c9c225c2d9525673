"""The kinds of files that are taken, and the one error a cleaner raises."""

import io
import re
import zipfile

import filetype

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OFFICE}wordprocessingml.document"
XLSX = f"{OFFICE}spreadsheetml.sheet"
PPTX = f"{OFFICE}presentationml.presentation"
# The ending a file leaves with, whatever its sender called it: no system opens it as anything but what it is.
ENDINGS = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", DOCX: ".docx", XLSX: ".xlsx", PPTX: ".pptx"}

BEGINNINGS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG, b"PK\x03\x04": "application/zip"}
ENDS = {PDF: b"%%EOF", PNG: b"IEND\xaeB`\x82", JPEG: b"\xff\xd9"}
MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|\?xml|\?php)", re.IGNORECASE)


class Refused(Exception):
    """This file is not taken. `code` says why; files.errors has the sentence for it."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def kind_of(content: bytes) -> str:
    """Return the media type ("application/zip" for office files), by content alone. Raises Refused.

    Our own first bytes and the library `filetype` must agree; a name has no say.
    """
    kind = next((kind for first, kind in BEGINNINGS.items() if content.startswith(first)), None)
    guess = filetype.guess(content[:8192])
    if kind is None or guess is None or (kind != "application/zip" and guess.mime != kind):
        raise Refused("kind")
    return kind


def check_single(content: bytes, kind: str) -> None:
    """Raise Refused for a file that stops before its end, or is a second kind of file as well."""
    end = content.rfind(ENDS[kind])
    if end < 0:
        raise Refused("broken")
    behind = content[end + len(ENDS[kind]) :]
    also_pdf = kind != PDF and b"%PDF-" in content[:1024]
    if also_pdf or MARKUP.search(behind) or b"%PDF-" in behind or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("two_kinds")
