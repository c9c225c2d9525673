"""The accepted kinds of files, and the one error a cleaner raises."""

import io
import re
import zipfile

import filetype

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OFFICE}wordprocessingml.document"
XLSX = f"{OFFICE}spreadsheetml.sheet"
PPTX = f"{OFFICE}presentationml.presentation"
# The extension of a stored file, whatever its sender's name: no system opens it as another type than it is.
ENDINGS = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", DOCX: ".docx", XLSX: ".xlsx", PPTX: ".pptx"}

BEGINNINGS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG, b"PK\x03\x04": "application/zip"}
ENDS = {PDF: b"%%EOF", PNG: b"IEND\xaeB`\x82", JPEG: b"\xff\xd9"}
MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|\?xml|\?php)", re.IGNORECASE)


class Refused(Exception):
    """The file is refused; `code` is the reason, files.errors has its message."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def kind_of(content: bytes) -> str:
    """Return the media type ("application/zip" for office files), by content alone. Raises Refused.

    Our own signatures and the library `filetype` must agree; the file's name is not used.
    """
    kind = next((kind for first, kind in BEGINNINGS.items() if content.startswith(first)), None)
    guess = filetype.guess(content[:8192])
    if kind is None or guess is None or (kind != "application/zip" and guess.mime != kind):
        raise Refused("kind")
    return kind


def check_single(content: bytes, kind: str) -> None:
    """Raise Refused for a truncated file, or one that is a second kind of file as well."""
    end = content.rfind(ENDS[kind])
    if end < 0:
        raise Refused("broken")
    behind = content[end + len(ENDS[kind]) :]
    also_pdf = kind != PDF and b"%PDF-" in content[:1024]
    if also_pdf or MARKUP.search(behind) or b"%PDF-" in behind or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("two_kinds")


def words(text: str) -> frozenset[str]:
    """Return the words of a list that is written as a text."""
    return frozenset(text.split())
