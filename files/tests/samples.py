"""Ordinary files as users attach them, generated for each test: small, complete, and with a text of the test's own."""

import io
import zipfile
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from files.cleaning.kinds import DOCX, OFFICE, PPTX, XLSX

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
KINDS = {
    DOCX: (
        "word/document.xml",
        "wordprocessingml.document",
        f'<w:document xmlns:w="{WORD}"><w:body>%s</w:body></w:document>',
    ),
    XLSX: ("xl/workbook.xml", "spreadsheetml.sheet", f'<workbook xmlns="{SHEET}"><sheets>%s</sheets></workbook>'),
    PPTX: ("ppt/presentation.xml", "presentationml.presentation", f'<presentation xmlns="{SLIDES}">%s</presentation>'),
}


# The content types of further parts, by the beginning of their names.
CONTENT_TYPES = {
    "word/settings": "wordprocessingml.settings",
    "word/header": "wordprocessingml.header",
    "word/fontTable": "wordprocessingml.fontTable",
    "word/charts/": "drawingml.chart",
    "xl/worksheets/": "spreadsheetml.worksheet",
    "xl/charts/": "drawingml.chart",
    "xl/drawings/drawing": "drawing",
    "xl/externalLinks/": "spreadsheetml.externalLink",
    "xl/connections": "spreadsheetml.connections",
    "xl/pivotCache/": "spreadsheetml.pivotCacheDefinition",
    "xl/calcChain": "spreadsheetml.calcChain",
    "ppt/slides/": "presentationml.slide",
}


def pdf(text: str = "note", change: Any = None) -> bytes:
    """Return a PDF of one page with the text in its content; `change` may do more to it before it is saved."""
    target = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = document.make_stream(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
        if change is not None:
            change(document)
        document.save(target, compress_streams=False)
    return target.getvalue()


def note(name: str = "note.pdf", text: str = "note") -> SimpleUploadedFile:
    """Return a PDF as uploaded by a browser."""
    return SimpleUploadedFile(name, pdf(text), "application/pdf")


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """Return a picture of one colour."""
    target = io.BytesIO()
    Image.new("RGB", size, (0, 90, 140)).save(target, kind, **options)
    return target.getvalue()


def parts(kind: str = DOCX, body: str = "", more: dict[str, bytes] | None = None, rels: str = "") -> dict[str, bytes]:
    """Return the parts of an office file; `rels` are further relations of its main part."""
    main, name, frame = KINDS[kind]
    folder, own = main.split("/")
    named = {part: content for part in more or {} for first, content in CONTENT_TYPES.items() if part.startswith(first)}
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{OFFICE}{name}.main+xml"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        + "".join(f'<Override PartName="/{part}" ContentType="{OFFICE}{name}+xml"/>' for part, name in named.items())
        + f'<Default Extension="vml" ContentType="{OFFICE}vmlDrawing"/></Types>'
    )
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Somebody Private</dc:creator></cp:coreProperties>'
    )
    root = (
        f'<Relationship Id="rId1" Type="{OFFICE_RELATIONS}/officeDocument" Target="{main}"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"'
        ' Target="docProps/core.xml"/>'
    )
    found = {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{root}</Relationships>'.encode(),
        main: (frame % body).encode(),
        "docProps/core.xml": core.encode(),
        **(more or {}),
    }
    if rels:
        found[f"{folder}/_rels/{own}.rels"] = f'<Relationships xmlns="{RELATIONS}">{rels}</Relationships>'.encode()
    return found


def packed(found: dict[str, bytes]) -> bytes:
    """Return an archive of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return target.getvalue()


def office(kind: str = DOCX, body: str = "", more: dict[str, bytes] | None = None, rels: str = "") -> bytes:
    """Return an office file."""
    return packed(parts(kind, body, more, rels))
