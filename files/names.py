"""File names: turns a sender's file name into one that is safe on every system and not misleading."""

import re
import unicodedata

from files.cleaning.kinds import ENDINGS

MOST = 100  # characters; with four bytes each it still fits into the 255 bytes of a file system
FORBIDDEN = re.compile(r'[<>:"|?*]')
KNOWN = re.compile(r"\.(" + "|".join([*(ending[1:] for ending in ENDINGS.values()), "jpeg"]) + r")$", re.IGNORECASE)
DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # reserved device names of Windows


def normal_name(name: str, media_type: str) -> str:
    """Return the name without folders, control and bidi characters, in NFC, with the extension of its media type."""
    plain = "".join(letter for letter in unicodedata.normalize("NFC", name) if unicodedata.category(letter)[0] != "C")
    stem = re.split(r"[/\\]", plain)[-1].rstrip(". ")
    while KNOWN.search(stem):
        stem = KNOWN.sub("", stem).rstrip(". ")
    stem = FORBIDDEN.sub("_", " ".join(stem.split()))[:MOST].strip(". ")
    if DEVICES.match(stem):
        stem = f"_{stem}"
    return (stem or "document") + ENDINGS[media_type]
