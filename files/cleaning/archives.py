"""Zip archives: read only if their directory is consistent with their content, and only up to a limit."""

import io
import stat
import zipfile
import zlib

from files.cleaning.kinds import Refused

MOST_PARTS = 3000
MOST_BYTES = 120 * 1024 * 1024  # of all parts together, uncompressed
MOST_RATIO = 200  # a text of one letter packs 1:1000, the most repetitive real sheet about 1:60
RATIO_FROM = 1024 * 1024  # smaller parts may be as repetitive as they like
HEADER = 30  # bytes of a part's own header before its name


def read_parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of an archive by name, in its order.

    Raises Refused: broken, two_kinds (something before or behind the archive), encrypted, bomb, forged, path.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_frame(content, archive, entries)
            for entry in entries:
                _check_entry(entry)
            if sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise Refused("bomb")
            return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, zlib.error):
        raise Refused("broken") from None
    except (NotImplementedError, RuntimeError):
        raise Refused("encrypted") from None


def _check_frame(content: bytes, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Raise Refused unless parts, directory and end follow one another without overlaps or hidden data."""
    if len(entries) > MOST_PARTS:
        raise Refused("bomb")
    if archive.comment or content[-22:-18] != b"PK\x05\x06":
        raise Refused("two_kinds")
    if len({entry.filename.casefold() for entry in entries}) != len(entries):
        raise Refused("forged")
    at = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if not 0 <= entry.header_offset - at <= 24:  # a data descriptor may follow a part
            raise Refused("forged")
        header = content[entry.header_offset : entry.header_offset + HEADER]
        name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
        at = entry.header_offset + HEADER + name + extra + entry.compress_size
    if not 0 <= archive.start_dir - at <= 24:
        raise Refused("forged")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or "\0" in entry.orig_filename or ".." in name.split("/"):
        raise Refused("path")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("path")
    if entry.flag_bits & 0x1:
        raise Refused("encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("broken")
    if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
        raise Refused("bomb")


def write_parts(parts: dict[str, bytes]) -> bytes:
    """Return an archive of these parts, without dates, comments, or anything between them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
