"""Rewrites the XML of office files as a stream: without entities, comments, and whatever points out of the file.

The names of elements and attributes are compared without their prefix, because a prefix can be chosen freely.
"""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr  # nosec B406 (it only writes; nothing is read by it)

from files.cleaning.fields import Fields, check_field
from files.cleaning.formulas import stays_inside
from files.cleaning.kinds import Refused, words

Opened = Callable[[str, dict[str, str]], None]
Texted = Callable[[str], None]
MANY = 10_000  # pieces of output
DEEPEST = 250  # levels of elements; Office writes about 60
REFUSED = {
    "altChunk": "embedded", "OLEObject": "embedded", "oleObj": "embedded", "oleObject": "embedded", "subDoc": "outside",
    "ddeLink": "formula", "oleLink": "formula", "control": "macros",
}  # fmt: skip
# Elements that name a file, a program, a person or a source of data elsewhere; a document is complete without them.
DROPPED = words(
    """
    attachedTemplate mailMerge saveThroughXslt docVars schemaLibrary attachedSchema dataBinding fldData embedRegular
    embedBold embedItalic embedBoldItalic embedTrueTypeFonts embedSystemFonts embeddedFontLst custDataLst htmlPubPr
    externalReferences webPublishing webPublishItems customWorkbookViews dataConsolidate customProperties externalData
    fileSharing printerSettings FmlaMacro FmlaLink FmlaRange FmlaPict FmlaGroup FmlaTxbx ScriptText ScriptExtended
    ScriptLanguage ScriptLocation DDE Camera MapOCX
    """
)
# Removed as a whole when a formula in them is, or when all that was in them is.
RULES = {"cfRule", "dataValidation", "sparkline", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
LISTS = {
    "definedNames", "conditionalFormatting", "conditionalFormattings", "dataValidations", "hyperlinks", "sparklines",
    "sparklineGroup", "sparklineGroups", "ext", "extLst",
}  # fmt: skip
FORMULAS = {"f", "formula", "formula1", "formula2", "oldFormula", *RULES - {"cfRule", "dataValidation", "sparkline"}}
NO_FORMULAS = {  # a fraction, and a shape's equation, are called f as well
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
    "urn:schemas-microsoft-com:vml",
}
INSTRUCTIONS = {"instrText", "delInstrText"}

# ── Attributes ───────────────────────────────────────────────────────────────
BLANKED = {"macro": "", "userId": "", "providerId": "None"}
LOST = {"schemaLocation", "noNamespaceSchemaLocation", "refreshedBy", "vbProcedure", "xlm"}
LOST_IN = {("c", "cm"), ("c", "vm"), ("dataValidations", "count")}  # they refer to what is dropped
POINTERS = {"src", "href", "althref", "sourceFile"}
COMPUTED = {"formula", "textlink", "location"}
# Text, or the name of a vocabulary, that no program opens.
PLAIN = words(
    """
    descr title tooltip alt name val display uri author initials alias string v caption text prompt promptTitle error
    errorTitle desc altText altTextSummary totalsRowLabel displayName username userName sourceName uniqueName comment
    action instr
    """
)
NAMESPACE = re.compile(r"http://(schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.oclc\.org|www\.w3\.org)/")
ADDRESS = re.compile(
    r"\s*([a-z][\w+.-]*:/|(file|javascript|vbscript|data|mailto|mhtml|mk|about|shell|ms-[\w-]+|search-ms):|\\\\|//)|url\(",
    re.IGNORECASE,
)
ACTIONS = re.compile(r"ppaction://(hlinkshowjump\?jump=\w+|hlinksldjump|customshow\?[\w=&]+|noaction)$")
# Elements that stay without a link; any other one is removed with the link it names.
UNLINKED = {"hyperlink", "pageSetup", "blip", "imagedata"}


@dataclass
class Frame:
    """An open element: where its text begins in the output, and what is known of its content."""

    local: str
    name: str
    start: int
    spaces: dict[str, str]
    is_formula: bool = False
    is_mixed: bool = False
    shared: str = ""
    text: str = ""
    kept: int = 0
    lost: int = 0


class Gone(Exception):
    """The element is to be removed, with the nearest open one of these names, if there is one."""

    def __init__(self, within: Set[str] = frozenset()) -> None:
        self.within = within


class Writer:
    """Writes what expat reads, without what may not stay."""

    def __init__(self, links: dict[str, bool]) -> None:
        self.links = links  # by the relations' keys: whether the relation stays
        self.out: list[str] = []
        self.joined = 0  # how many pieces of the output were joined from smaller ones, to save memory
        self.frames: list[Frame] = []
        self.skipped = 0  # depth within an element that is removed
        self.fields = Fields()
        self.shared: set[str] = set()  # keys of the shared formulas that were removed

    # ── Elements ─────────────────────────────────────────────────────────────
    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if self.skipped:
            self.skipped += 1
            return
        if len(self.frames) > DEEPEST:
            raise Refused("broken")
        frame = self._frame(name, attributes)
        try:
            if frame.local in DROPPED:
                raise Gone
            written = self._attributes(frame, attributes)
        except Gone as gone:
            self._remove(frame, gone.within)
            return
        self.frames.append(frame)
        self.out.append(f"<{name}{written}>")

    def _frame(self, name: str, attributes: dict[str, str]) -> Frame:
        prefix, _colon, local = name.rpartition(":")
        if local in REFUSED:
            raise Refused(REFUSED[local])
        spaces = self.frames[-1].spaces if self.frames else {}
        own = {key.partition(":")[2]: value for key, value in attributes.items() if key.split(":")[0] == "xmlns"}
        frame = Frame(local, name, len(self.out), {**spaces, **own} if own else spaces)
        if local == "fldChar":
            self.fields.mark(next((v for k, v in attributes.items() if k.endswith("fldCharType")), ""))
        if local in FORMULAS and frame.spaces.get(prefix) not in NO_FORMULAS:
            frame.is_formula = True
            frame.shared = attributes.get("si", "")
        elif self.frames:
            self.frames[-1].is_mixed = True
        return frame

    def _remove(self, frame: Frame, within: Set[str]) -> None:
        """Skip the rest of an element that is about to open, or of an open one around it."""
        for place in reversed(range(len(self.frames))):
            if self.frames[place].local in within:
                self.skipped = len(self.frames) - place + 1
                frame = self.frames[place]
                del self.frames[place:]
                break
        else:
            self.skipped = 1
        self._cut(frame.start)
        if self.frames:
            self.frames[-1].lost += 1

    def text(self, text: str) -> None:
        if self.skipped:
            return
        for frame in reversed(self.frames):
            if not frame.is_formula and frame.local not in INSTRUCTIONS:
                break
            frame.text += text
        self.out.append(escape(text, {"\r": "&#13;"}))

    def closed(self, name: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        frame = self.frames.pop()
        if frame.local in INSTRUCTIONS:
            self.fields.text(frame.text)
        if frame.is_formula and not self._may_stay(frame):
            self._without(frame)
        elif frame.local in LISTS and frame.lost and not frame.kept:
            self._forget(frame)
        else:
            self.out.append(f"</{name}>")
            if self.frames:
                self.frames[-1].kept += 1
                self._join(self.frames[-1])

    def _join(self, around: Frame) -> None:
        """Join the output of the closed elements within an open one; none of these can be removed any more by itself."""
        since = max(self.joined, around.start + 1)
        if len(self.out) - since > MANY:
            self.out[since:] = ["".join(self.out[since:])]
            self.joined = len(self.out)

    def _may_stay(self, frame: Frame) -> bool:
        """Return whether a formula is text alone (or one formula within another) that stays inside the workbook."""
        orphaned = not frame.text.strip() and frame.shared in self.shared and frame.shared != ""
        return not frame.is_mixed and not orphaned and stays_inside(frame.text)

    def _without(self, frame: Frame) -> None:
        """Remove a formula: a rule as a whole, a chart's reference by its text, a cell's formula before its value."""
        if frame.shared:
            self.shared.add(frame.shared)
        around = next((place for place, one in enumerate(self.frames) if one.local in RULES), None)
        if around is not None:
            self.skipped = len(self.frames) - around
            frame = self.frames[around]
            del self.frames[around:]
        elif frame.local not in RULES and self.frames and self.frames[-1].local != "c":
            self._cut(frame.start + 1)
            self.out.append(f"</{frame.name}>")
            self.frames[-1].kept += 1
            return
        self._forget(frame)

    def _cut(self, start: int) -> None:
        del self.out[start:]
        self.joined = min(self.joined, start)

    def _forget(self, frame: Frame) -> None:
        self._cut(frame.start)
        if self.frames:
            self.frames[-1].lost += 1

    # ── Attributes ───────────────────────────────────────────────────────────
    def _attributes(self, frame: Frame, attributes: dict[str, str]) -> str:
        """Return the attributes that stay. Raises Gone when the element may not stay because of one."""
        written = ""
        for name, value in attributes.items():
            prefix, _colon, local = name.rpartition(":")
            if prefix and value in self.links and prefix not in ("xmlns", "xml"):
                if not self.links[value]:
                    if frame.local not in UNLINKED or "ref" in attributes:
                        raise Gone
                    continue
            elif name == "xml:base":
                continue
            elif "xmlns" not in (prefix, name):
                changed = _changed(frame.local, local, value, attributes)
                if changed is None:
                    continue
                value = changed
            written += f' {name}="{value}"' if value.isalnum() else f" {name}={quoteattr(value, ESCAPES)}"
        return written


ESCAPES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
SPECIAL = {*BLANKED, *LOST, *POINTERS, *COMPUTED, "instr", "action", "val", "cm", "vm", "count"}


def _changed(element: str, local: str, value: str, attributes: dict[str, str]) -> str | None:
    """Return the value that an attribute has in the rewritten file, None if it is left out.

    Raises Gone when the whole element may not stay, Refused for a field that reaches outside.
    """
    if local in SPECIAL:
        if local in BLANKED:
            return BLANKED[local] if value else value
        if local in LOST or local in POINTERS or (element, local) in LOST_IN:
            return None
        if local in COMPUTED and not stays_inside(value):
            return None
        if local == "instr":
            check_field(value)
        if local == "action" and element.startswith("hlink") and value and not ACTIONS.match(value):
            raise Gone
        if element == "cfvo" and local == "val" and not stays_inside(value):
            raise Gone({"cfRule"})
    if local not in PLAIN and ADDRESS.search(value):
        return value if NAMESPACE.match(value) else None
    return value


def _no_entities(*declaration: Any) -> None:
    raise Refused("entities")


def _parse(part: bytes, opened: Opened, closed: Texted, text: Texted | None = None) -> None:
    """Read a part with these handlers. Raises Refused: broken (malformed), entities (it declares a document type)."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_entities
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opened, closed, text
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError):
        raise Refused("broken") from None


def rewritten(part: bytes, links: dict[str, bool]) -> bytes:
    """Return the part without what points out of the file; `links` says of each relation whether it stays.

    Raises Refused: broken (malformed), entities (it declares a document type), formula, outside, embedded, macros.
    """
    writer = Writer(links)
    _parse(part, writer.opened, writer.closed, writer.text)
    writer.fields.close()
    whole = "".join(writer.out)
    if not whole:
        raise Refused("part")
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + whole.encode()


def elements(part: bytes, root: str) -> list[dict[str, str]]:
    """Return the attributes of the elements below the root of a part that holds a list, with "" for their local name.

    Raises Refused: broken (another root, or anything inside an element), entities.
    """
    found: list[dict[str, str]] = []
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        local = name.rpartition(":")[2]
        if depth > 1 or (depth == 0 and local != root):
            raise Refused("broken")
        if depth:
            found.append({**attributes, "": local})
        depth += 1

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1

    _parse(part, opened, closed)
    return found
