"""Word, Excel and PowerPoint files: keeps only parts of known types that the document refers to, without authors."""

import posixpath
import re

from lxml import etree

from files.cleaning import pictures
from files.cleaning.archives import read_parts, write_parts
from files.cleaning.kinds import DOCX, JPEG, OFFICE, PNG, PPTX, XLSX, Refused
from files.cleaning.markup import check_markup

TYPES, ROOT = "[Content_Types].xml", "_rels/.rels"
MAIN = {
    f"{OFFICE}wordprocessingml.document.main+xml": DOCX,
    f"{OFFICE}spreadsheetml.sheet.main+xml": XLSX,
    f"{OFFICE}presentationml.presentation.main+xml": PPTX,
}
MARKUP, PICTURES, FONTS = {".xml", ".rels", ".vml"}, {".png": PNG, ".jpg": JPEG, ".jpeg": JPEG}, {".odttf", ".fntdata"}
PRINTER = re.compile(r"printerSettings\d*\.bin$")  # contains a device name: the part stays, but empty
REFUSED_PARTS = {
    "macros": re.compile(r"vba|macro|activex", re.IGNORECASE),
    "outside": re.compile(r"/externalLinks/|/connections\.xml|/queryTables/|/webextensions/", re.IGNORECASE),
    "embedded": re.compile(r"/embeddings/|oleObject|\.(docx?|xlsx?|pptx?|pdf|zip)$", re.IGNORECASE),
}
LINK = re.compile(r"(https?|mailto):|#", re.IGNORECASE)
SAFE = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)

Parts = dict[str, bytes]


def clean(content: bytes, kind: str, *, pixels: int) -> tuple[bytes, str]:
    """Return the document and its media type: its pages, sheets or slides, pictures and links, without properties.

    Raises Refused: kind (a zip that is no such document), macros, outside, embedded, part, entities, formula, and the
    codes of archives and pictures.
    """
    parts = read_parts(content)
    if TYPES not in parts or ROOT not in parts:
        raise Refused("kind")
    for name in parts:
        _check_name(name)
    for name, part in parts.items():
        if _ending(name) in MARKUP:
            check_markup(part)
    main, media_type = _main_part(parts)
    kept = {name: _cleaned(name, parts[name], pixels) for name in _reached(parts, main)}
    return write_parts({TYPES: _types(parts, kept), ROOT: _relations(parts[ROOT], only=main), **kept}), media_type


def _check_name(name: str) -> None:
    for code, pattern in REFUSED_PARTS.items():
        if pattern.search(f"/{name}"):
            raise Refused(code)
    ending = _ending(name)
    if ending not in MARKUP | set(PICTURES) | FONTS and not PRINTER.search(name):
        raise Refused("part")


def _ending(name: str) -> str:
    return "." + name.rpartition(".")[2].lower()


def _parsed(part: bytes) -> etree._Element:
    try:
        return etree.fromstring(part, SAFE)
    except etree.XMLSyntaxError:
        raise Refused("broken") from None


def _main_part(parts: Parts) -> tuple[str, str]:
    """Return the name and media type of the package's main part."""
    for override in _parsed(parts[TYPES]):
        kind, name = override.get("ContentType", ""), override.get("PartName", "").lstrip("/")
        if "macroEnabled" in kind:
            raise Refused("macros")
        if kind in MAIN and name in parts:
            return name, MAIN[kind]
    raise Refused("kind")


def _reached(parts: Parts, main: str) -> list[str]:
    """Return the parts reachable from the document, with their lists of relations; all others are dropped."""
    found: dict[str, None] = {}
    waiting = [main]
    while waiting:
        name = waiting.pop()
        if name in found or name not in parts:
            continue
        found[name] = None
        folder, own = posixpath.split(name)
        relations = posixpath.join(folder, "_rels", f"{own}.rels")
        if relations in parts:
            found[relations] = None
            inside = [relation.get("Target", "") for relation in _parsed(parts[relations]) if _is_inside(relation)]
            waiting += [posixpath.normpath(posixpath.join("/", folder, target))[1:] for target in inside]
    return list(found)


def _is_inside(relation: etree._Element) -> bool:
    """Return whether a relation stays in the package. Raises Refused for an external one that is not a hyperlink."""
    if relation.get("TargetMode") != "External":
        return True
    if relation.get("Type", "").endswith("/hyperlink") and LINK.match(relation.get("Target", "")):
        return False
    raise Refused("outside")


def _cleaned(name: str, part: bytes, pixels: int) -> bytes:
    ending = _ending(name)
    if ending in PICTURES:
        return pictures.clean(part, PICTURES[ending], pixels=pixels)[0]
    return b"" if PRINTER.search(name) else part


def _types(parts: Parts, kept: Parts) -> bytes:
    """Return the list of content types without the dropped parts."""
    types = _parsed(parts[TYPES])
    for entry in list(types):
        name = entry.get("PartName")
        if name is not None and name.lstrip("/") not in kept:
            types.remove(entry)
    return etree.tostring(types, xml_declaration=True, encoding="UTF-8", standalone=True)


def _relations(part: bytes, *, only: str) -> bytes:
    """Return the package's own relations without its properties, labels, thumbnail and signatures."""
    relations = _parsed(part)
    for relation in list(relations):
        if relation.get("Target", "").lstrip("/") != only:
            relations.remove(relation)
    if not len(relations):
        raise Refused("kind")
    return etree.tostring(relations, xml_declaration=True, encoding="UTF-8", standalone=True)
