"""Hostile pictures."""

import io
import struct
import zlib

from PIL import Image

from files.tests.corpus.case import HTML, SVG, kept, refused
from files.tests.samples import packed, pdf, picture


def packed_zeros(megabytes: int, *, wbits: int = 15) -> bytes:
    packer, piece = zlib.compressobj(1, zlib.DEFLATED, wbits), bytes(1024 * 1024)
    return b"".join([*(packer.compress(piece) for _ in range(megabytes)), packer.flush()])


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *more: bytes, points: bytes | None = None) -> bytes:
    """Return a PNG that declares this size, whatever its pixels are."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    points = zlib.compress(bytes((width * 3 + 1) * height)) if points is None else points
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", points) + chunk(b"IEND", b"")


def located_photograph() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "Carana City"
    exif.get_ifd(0x8825).update({1: "N", 2: (12.0, 34.0, 56.0), 3: "E", 4: (7.0, 8.0, 9.0)})
    return picture("JPEG", exif=exif, comment=HTML)


def located_jp2() -> bytes:
    """Return a JPEG 2000 picture with its location in a box of each kind, and in a comment in the codestream."""
    content = picture("JPEG2000", comment="Carana City")
    boxes = [(kind, b"Exif Carana City") for kind in (b"uuid", b"xml ")]
    return content + b"".join(struct.pack(">I", len(body) + 8) + kind + body for kind, body in boxes)


def moving() -> bytes:
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "PNG", save_all=True, append_images=frames[1:])
    return target.getvalue()


PICTURES = [
    refused("50,000 by 50,000 points", lambda: png(50_000, 50_000, points=zlib.compress(b"\0")), "pixels"),
    refused("a text of 200 MB in a PNG", lambda: png(9, 9, chunk(b"zTXt", b"a\0\0" + packed_zeros(200))), "broken"),
    refused("a profile of 200 MB in a PNG", lambda: png(9, 9, chunk(b"iCCP", b"a\0\0" + packed_zeros(200))), "broken"),
    kept("points of 500 MB in a small PNG", lambda: png(9, 9, points=packed_zeros(500)), kept_as="note.png"),
    kept("HTML in a comment of a JPEG", located_photograph, b"script", b"Exif", b"Carana City", kept_as="note.jpg"),
    kept("HTML in a text of a PNG", lambda: png(9, 9, chunk(b"tEXt", b"a\0" + HTML)), b"script", kept_as="note.png"),
    refused("HTML behind a PNG", lambda: picture() + HTML, "two_kinds"),
    refused("a PDF behind a PNG", lambda: picture() + pdf(), "two_kinds"),
    refused("an archive behind a JPEG", lambda: picture("JPEG") + packed({"a.class": b"a"}), "two_kinds"),
    refused("an archive behind a GIF", lambda: picture("GIF") + packed({"a.class": b"a"}), "kind"),
    refused("a cut PNG", lambda: picture()[:60], "broken"),
    refused("a cut JPEG", lambda: picture("JPEG")[:400], "broken"),
    refused("a PNG without points", lambda: png(9, 9, points=b""), "broken"),
    refused("a picture that moves", moving, "kind"),
    refused("SVG as PNG", lambda: SVG, "kind", sent_as="a.png"),
    refused("a TIFF", lambda: picture("TIFF"), "kind", sent_as="a.tiff"),
]
