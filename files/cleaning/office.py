"""Word, Excel and PowerPoint files: written anew from the parts of known kinds that the document leads to."""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote
from xml.sax.saxutils import quoteattr  # nosec B406 (it only writes; nothing is read by it)

from files.cleaning import pictures
from files.cleaning.archives import read_parts, write_parts
from files.cleaning.kinds import DOCX, ENDINGS, OFFICE, PPTX, XLSX, Refused, kind_of
from files.cleaning.markup import elements, rewritten
from files.cleaning.relations import KEPT, PICTURE, Relation, read_relation, resolved, stays

TYPES, ROOT = "[Content_Types].xml", "_rels/.rels"
MAIN = {
    f"{OFFICE}wordprocessingml.document.main+xml": DOCX,
    f"{OFFICE}spreadsheetml.sheet.main+xml": XLSX,
    f"{OFFICE}presentationml.presentation.main+xml": PPTX,
}
MACROS = re.compile(r"vba|macro|activex", re.IGNORECASE)
NAME = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$")
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Parts = dict[str, bytes]


@dataclass
class Taken:
    """A part that is taken: its content type, the name it gets, and its relations with the part each leads to."""

    kind: str
    name: str
    relations: list[tuple[Relation, str]] = field(default_factory=list)
    links: dict[str, bool] = field(default_factory=dict)  # by the key of each relation: whether it stays


def clean(content: bytes, kind: str, *, pixels: int) -> tuple[bytes, str]:
    """Return the document and its media type: its pages, sheets or slides, pictures and links, without properties.

    Raises Refused: kind (a zip that is no such document), macros, outside, embedded, part, entities, formula, and the
    codes of archives and pictures.
    """
    package = Package(read_parts(content))
    written = dict.fromkeys((TYPES, ROOT), b"")
    for name, part in package.taken.items():
        if part.kind == PICTURE:
            inside = package.content(name)
            written[part.name], part.kind = pictures.clean(inside, _kind_of_picture(inside), pixels=pixels)
        else:
            written[part.name] = rewritten(package.content(name), part.links)
        if part.relations:
            written[_list_of(part.name)] = _relations(part, package.taken)
    written[ROOT] = _relations(package.root, package.taken)
    written[TYPES] = _types(package.taken.values())
    return write_parts(written), package.media_type


class Package:
    """The parts of a file, and those taken from it; names are compared in lower case, as the formats do."""

    def __init__(self, parts: Parts) -> None:
        """Take the main part and all parts it leads to. Raises Refused."""
        if TYPES not in parts or ROOT not in parts:
            raise Refused("kind")
        if any(MACROS.search(name) for name in parts):
            raise Refused("macros")
        self.parts = {name.casefold(): (name, content) for name, content in parts.items()}
        self.defaults, self.overrides = _listed_types(parts[TYPES])
        self.taken: dict[str, Taken] = {}
        main, relation = self._main()
        self.root = Taken("", ROOT, [(relation, main)])
        self.media_type = MAIN[self._kind(main)]
        self._take_all(main)

    def content(self, name: str) -> bytes:
        """Return the content of a part."""
        return self.parts[name][1]

    def _kind(self, name: str) -> str:
        return self.overrides.get(name) or self.defaults.get(name.rpartition(".")[2], "")

    def _main(self) -> tuple[str, Relation]:
        """Return the name of the main part and the relation that leads to it. Raises Refused: kind, macros."""
        listed = elements(self.content(ROOT.casefold()), "Relationships")
        found = [_relation(one) for one in listed if one.get("Type", "").endswith("/officeDocument")]
        if len(found) != 1 or found[0].is_external:
            raise Refused("kind")
        main = resolved("", found[0].target)
        if MACROS.search(self._kind(main)):
            raise Refused("macros")
        if main not in self.parts or self._kind(main) not in MAIN:
            raise Refused("kind")
        return main, found[0]

    def _take_all(self, main: str) -> None:
        waiting = [(main, self._kind(main))]
        while waiting:
            name, kind = waiting.pop()
            if name not in self.taken:
                self.taken[name] = self._take(name, kind)
                waiting += [(to, self._kind_by(one, to)) for one, to in self.taken[name].relations if to]
            elif self.taken[name].kind != kind:
                raise Refused("part")

    def _take(self, name: str, kind: str) -> Taken:
        own = self.parts[name][0]
        taken = Taken(kind, own if NAME.match(own) else f"parts/part{len(self.taken)}.xml")
        path = _list_of(name)
        if path not in self.parts or kind == PICTURE:
            return taken
        for one in map(_relation, elements(self.content(path), "Relationships")):
            if one.key in taken.links:
                raise Refused("broken")
            to = "" if one.is_external or one.name == "hyperlink" else resolved(posixpath.dirname(name), one.target)
            taken.links[one.key] = stays(one, kind) and (not to or to in self.parts)
            if taken.links[one.key]:
                taken.relations.append((one, to))
        return taken

    def _kind_by(self, relation: Relation, name: str) -> str:
        """Return the content type of a part. Raises Refused unless it is one that the relation may lead to."""
        if KEPT[relation.name] == {PICTURE}:
            return PICTURE
        kind = self._kind(name)
        if kind not in KEPT[relation.name]:
            raise Refused("macros" if MACROS.search(kind) else "part")
        return kind


# ── Reading ──────────────────────────────────────────────────────────────────
def _listed_types(part: bytes) -> tuple[dict[str, str], dict[str, str]]:
    """Return the content types by ending, and by the name of a part. Raises Refused (broken) for two of one name."""
    defaults: dict[str, str] = {}
    overrides: dict[str, str] = {}
    for one in elements(part, "Types"):
        by, key = (defaults, "Extension") if one[""] == "Default" else (overrides, "PartName")
        name = one.get(key, "").lstrip("/").casefold()
        if name in by:
            raise Refused("broken")
        by[name] = one.get("ContentType", "")
    return defaults, overrides


def _relation(one: dict[str, str]) -> Relation:
    return read_relation(one.get("Id", ""), one.get("Type", ""), one.get("Target", ""), one.get("TargetMode"))


def _kind_of_picture(content: bytes) -> str:
    """Return the media type of a picture, by its content. Raises Refused (part) for one that is neither PNG nor JPEG."""
    try:
        kind = kind_of(content)
    except Refused:
        raise Refused("part") from None
    if not kind.startswith("image/"):
        raise Refused("part")
    return kind


def _list_of(name: str) -> str:
    """Return the name of the part that lists the relations of a part."""
    folder, own = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{own}.rels")


# ── Writing ──────────────────────────────────────────────────────────────────
def _relations(part: Taken, taken: dict[str, Taken]) -> bytes:
    lines = []
    folder = "" if part.name == ROOT else posixpath.dirname(part.name)
    for one, to in part.relations:
        target = quote(posixpath.relpath(taken[to].name, folder or ".")) if to else one.target
        mode = ' TargetMode="External"' if one.is_external else ""
        values = f"Id={quoteattr(one.key)} Type={quoteattr(one.kind)} Target={quoteattr(target)}{mode}"
        lines.append(f"<Relationship {values}/>")
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}</Relationships>'.encode()


def _types(taken: Iterable[Taken]) -> bytes:
    """Return the list of content types: by ending for relations and pictures, else by name."""
    by_ending = {"rels": RELATIONS_TYPE, **{ending[1:]: kind for kind, ending in ENDINGS.items() if "image/" in kind}}
    lines = [f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in by_ending.items()]
    own = {part.name: part.kind for part in taken if by_ending.get(part.name.rpartition(".")[2]) != part.kind}
    lines += [f'<Override PartName="/{name}" ContentType={quoteattr(kind)}/>' for name, kind in own.items()]
    return f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{"".join(lines)}</Types>'.encode()
