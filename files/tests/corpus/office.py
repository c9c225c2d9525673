"""Hostile office files."""

import io
import stat
import struct
import zipfile

from files.cleaning.kinds import PPTX
from files.tests.corpus.case import EICAR, HTML, kept, refused
from files.tests.corpus.outside import linked
from files.tests.corpus.pictures import located_photograph
from files.tests.samples import office, packed, parts


def declared(declaration: str) -> bytes:
    found = parts()
    found["word/document.xml"] = declaration.encode() + found["word/document.xml"]
    return packed(found)


def entry(name: str, mode: int = 0) -> bytes:
    """Return a document with one more part of this name and Unix mode."""
    target = io.BytesIO(office())
    with zipfile.ZipFile(target, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, b"<a/>")
    return target.getvalue()


def doubled() -> bytes:
    target = io.BytesIO(office())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("WORD/document.xml", b"<a/>")
    return target.getvalue()


def directory_changed(offset: int, value: bytes) -> bytes:
    """Return a document whose directory contradicts the header of its first part."""
    content = bytearray(office())
    place = content.index(b"PK\x01\x02") + offset
    content[place : place + len(value)] = value
    return bytes(content)


def part_unlisted() -> bytes:
    """Return a document with a part between the others that its directory does not name."""
    extra = io.BytesIO()
    with zipfile.ZipFile(extra, "w") as archive:
        archive.writestr("evil.xml", b"<a/>")
    hidden = extra.getvalue()[: extra.getvalue().index(b"PK\x01\x02")]
    content = office()
    directory, end = content.index(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    moved = struct.pack("<I", directory + len(hidden))
    return content[:directory] + hidden + content[directory : end + 16] + moved + content[end + 20 :]


def overlapping() -> bytes:
    """Return a document in whose directory several names share one part (David Fifield's zip bomb)."""
    content = bytearray(office())
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(content)


def commented() -> bytes:
    target = io.BytesIO(office())
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = HTML
    return target.getvalue()


def bomb() -> bytes:
    return office(more={"word/media.xml": b"<a>" + b" " * 200_000_000 + b"</a>"})


def photographed() -> bytes:
    more = {"word/media/image1.jpeg": located_photograph()}
    return office(more=more, rels=linked("image", "media/image1.jpeg"))


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ODT = b"application/vnd.oasis.opendocument.text"
WITH_MACROS = {"word/vbaProject.bin": b"macro"}
OFFICE_FILES = [
    refused("an archive that is no document", lambda: packed({"eicar.com": EICAR}), "kind", sent_as="a.zip"),
    refused("a text that unpacks to 200 MB", bomb, "bomb"),
    refused(
        "an archive in an archive",
        lambda: office(more={"word/a.zip": packed({"b.zip": b""})}, rels=linked("package", "a.zip")),
        "embedded",
    ),
    refused("a document of another office program", lambda: packed({"mimetype": ODT, "content.xml": b"<a/>"}), "kind"),
    refused("5,000 parts", lambda: office(more={f"word/{n}.xml": b"<a/>" for n in range(5000)}), "bomb"),
    refused("a directory that lies about a size", lambda: directory_changed(24, b"\x01\0\0\0"), "broken"),
    refused("a directory that lies about a place", lambda: directory_changed(42, b"\x04\0\0\0"), "broken", "forged"),
    refused("a directory that names one part twice", overlapping, "forged", "broken"),
    refused("a part no directory names", part_unlisted, "forged"),
    refused("two parts of one name", doubled, "forged"),
    refused("a part said to be locked", lambda: directory_changed(8, b"\x01\0"), "encrypted"),
    refused("a part out of the archive", lambda: entry("../../evil.xml"), "path"),
    refused("a part at the root of the disk", lambda: entry("/etc/evil.xml"), "path"),
    refused("a part on a drive", lambda: entry("C:evil.xml"), "path"),
    refused("a symbolic link", lambda: entry("word/link.xml", stat.S_IFLNK | 0o777), "path"),
    refused("HTML in the archive's comment", commented, "two_kinds"),
    refused("a picture before an archive", lambda: b"GIF89a" + office(), "kind"),
    refused("a cut document", lambda: office()[:-40], "broken"),
    refused("macros", lambda: office(more=WITH_MACROS), "macros"),
    refused(
        "a document that says it has macros",
        lambda: packed(
            {
                name: part.replace(
                    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                    b"application/vnd.ms-word.document.macroEnabled.main+xml",
                )
                for name, part in parts().items()
            }
        ),
        "macros",
    ),
    refused("an entity from the disk", lambda: declared(XXE), "entities"),
    refused("entities of entities", lambda: declared(LAUGHS), "entities"),
    refused("an old or locked Office file", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kind"),
    kept("the writer of a document", office, b"Somebody Private", b"docProps", sent_as="a.docx", kept_as="a.docx"),
    kept("a place in a photograph in a document", photographed, b"Carana City", b"Exif", kept_as="note.docx"),
    kept(
        "a part nothing leads to",
        lambda: office(more={"word/unused.xml": b"<secret/>"}),
        b"secret",
        kept_as="note.docx",
    ),
    kept("honest slides", lambda: office(PPTX), b"Private", sent_as="a.pptx", kept_as="a.pptx"),
]
