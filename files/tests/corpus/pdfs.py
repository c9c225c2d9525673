"""Hostile PDF files, and files that only say they are one."""

import io
import zlib
from base64 import a85encode
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from files.tests.corpus.case import EICAR, HTML, SVG, kept, refused
from files.tests.corpus.pictures import located_jp2, located_photograph, packed_zeros
from files.tests.samples import packed, pdf, picture


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


def acting(action_kind: str, **values: Any) -> Callable[[pikepdf.Pdf], None]:
    """Return a change that puts a link with this action on the page."""
    return lambda document: annotation(document, Subtype=Name.Link, A=action(S=Name(action_kind), **values))


def with_many_next(document: pikepdf.Pdf) -> None:
    after = Array([action(S=Name.GoTo, D="a"), action(S=Name("/Future"), F="cmd.exe")])
    annotation(document, Subtype=Name.Link, A=action(S=Name.URI, URI="https://example.org/", Next=after))


def with_stream_elsewhere(document: pikepdf.Pdf) -> None:
    document.pages[0].Contents = document.make_stream(b"", F="http://evil.test/a", FFilter=Name.FlateDecode)


def with_page_elsewhere(document: pikepdf.Pdf) -> None:
    form = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.Ref = Dictionary(F="http://evil.test/a.pdf", Page=0)
    document.pages[0].Resources.XObject = Dictionary(Fm1=form)


def with_base(document: pikepdf.Pdf) -> None:
    document.Root.URI = Dictionary(Base="http://evil.test/")


def with_unknown_annotation(document: pikepdf.Pdf) -> None:
    annotation(document, Subtype=Name.Future, Contents="evil.test")


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
    *(
        kept(
            f"a PDF with the action {name}",
            lambda name=name: pdf(change=acting(name, F="evil.test", D="a")),
            b"evil.test",
        )
        for name in ("/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Thread", "/Hide", "/Future", "/SetOCGState")
    ),
    kept("a PDF that prints itself", lambda: pdf(change=acting("/Named", N=Name.Print)), b"/Print"),
    kept("an action nobody knows behind another", lambda: pdf(change=with_many_next), b"Future", b"cmd.exe"),
    kept("a page whose content is elsewhere", lambda: pdf(change=with_stream_elsewhere), b"evil.test"),
    kept("a page of another PDF", lambda: pdf(change=with_page_elsewhere), b"evil.test"),
    kept("a base for all links", lambda: pdf(change=with_base), b"evil.test"),
    kept("a mark nobody knows on a page", lambda: pdf(change=with_unknown_annotation), b"evil.test"),
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
