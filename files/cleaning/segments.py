"""Pictures inside documents, with unchanged pixels: split into segments, of which those with metadata are dropped."""

import re

from files.cleaning.kinds import Refused

# ── JPEG ─────────────────────────────────────────────────────────────────────
SCAN, END, COMMENT, APPLICATION = 0xDA, 0xD9, 0xFE, range(0xE0, 0xF0)
# Of the application segments, those needed for decoding; the others hold EXIF, XMP, IPTC, previews.
DRAWING = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
MARKER = re.compile(rb"\xff+([^\x00\xff])")
AFTER_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def jpeg(content: bytes) -> bytes:
    """Return a JPEG picture without metadata about place and maker, and without trailing data.

    Raises Refused (broken).
    """
    if content[:2] != b"\xff\xd8":
        raise Refused("broken")
    kept, at = bytearray(content[:2]), 2
    while found := MARKER.match(content, at):
        code, start = found[1][0], found.end()
        if code == END:
            return bytes(kept + b"\xff\xd9")
        at = start + int.from_bytes(content[start : start + 2], "big")
        if code == SCAN:
            following = AFTER_SCAN.search(content, at)
            at = following.start() if following else len(content)
        if code != COMMENT and (code not in APPLICATION or _draws(code, content[start + 2 : at])):
            kept += bytes([0xFF, code]) + content[start:at]
    if at < len(content):
        raise Refused("broken")
    return bytes(kept)  # truncated: readers show what there is


def _draws(code: int, body: bytes) -> bool:
    return code in DRAWING and body.startswith(DRAWING[code])


# ── JPEG 2000 ────────────────────────────────────────────────────────────────
PICTURE, HEADER = b"jp2c", b"jp2h"
# The boxes needed for decoding; EXIF, XMP and similar are in boxes called uuid and xml.
BOXES = {b"jP  ", b"ftyp", b"rreq", HEADER, b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res ", PICTURE}
CODESTREAM = b"\xff\x4f\xff\x51"
TILE, DATA, REMARK = 0x90, 0x93, 0x64


def jpeg2000(content: bytes) -> bytes:
    """Return a JPEG 2000 picture, with or without boxes, without metadata. Raises Refused (broken)."""
    return _without_remarks(content) if content.startswith(CODESTREAM) else _boxes(content)


def _boxes(content: bytes) -> bytes:
    kept, at = bytearray(), 0
    while at < len(content):
        size, kind, head = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        elif size == 0:  # up to the end
            size = len(content) - at
        if size < head:
            raise Refused("broken")
        body = content[at + head : at + size]
        if kind in BOXES:
            inner = {PICTURE: _without_remarks, HEADER: _boxes}.get(kind, bytes)(body)
            kept += (len(inner) + 8).to_bytes(4, "big") + kind + inner
        at += size
    return bytes(kept)


def _without_remarks(content: bytes) -> bytes:
    """Return the codestream with every comment blanked; its length stays, because other lengths include it."""
    whole, at, after = bytearray(content), 2, 0
    while at + 1 < len(whole):
        code, size = whole[at + 1], int.from_bytes(whole[at + 2 : at + 4], "big")
        if whole[at] != 0xFF or (code not in (DATA, END) and size < 2):
            raise Refused("broken")
        if code == END:
            return bytes(whole[: at + 2])
        if code == TILE:
            length = int.from_bytes(whole[at + 6 : at + 10], "big")
            after = at + length if length else len(whole)
        if code == REMARK:
            whole[at + 6 : at + 2 + size] = bytes(size - 4)
        at, before = (after if code == DATA else at + 2 + size), at
        if at <= before:
            raise Refused("broken")
    return bytes(whole)
