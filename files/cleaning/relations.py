"""The relations between parts of an office file: the list of those that stay, and what the part must be."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from files.cleaning.kinds import Refused, words

ML = "application/vnd.openxmlformats-officedocument."
WORD, SHEET, SLIDES, DRAWING = (
    f"{ML}{name}." for name in ("wordprocessingml", "spreadsheetml", "presentationml", "drawingml")
)
MS_SHEET, MS_SLIDES, MS = (f"application/vnd.ms-{name}." for name in ("excel", "powerpoint", "office"))
PICTURE = "picture"  # the kind of a picture is read from its content


def _kinds(prefix: str, names: str) -> dict[str, str]:
    """Return for each relation the content type of its part, given as relation or relation=type."""
    pairs = (name.partition("=") for name in names.split())
    return {relation: f"{prefix}{kind or relation}+xml" for relation, _sign, kind in pairs}


# By the last word of the relation's type. Relations of Microsoft's own extensions have names of their own.
KEPT: dict[str, set[str]] = {}
for _prefix, _names in (
    (
        WORD,
        "styles numbering settings fontTable header footer footnotes endnotes comments commentsExtended commentsIds",
    ),
    (
        SHEET,
        "worksheet chartsheet styles sharedStrings comments table pivotTable pivotCacheDefinition pivotCacheRecords",
    ),
    (MS_SHEET, "threadedComment=threadedcomments person slicer slicerCache timeline timelineCache"),
    (
        SLIDES,
        "slide slideLayout slideMaster notesSlide notesMaster handoutMaster presProps viewProps tableStyles comments",
    ),
    (SLIDES, "commentAuthors"),
    (MS_SLIDES, "comments authors"),
    (
        DRAWING,
        "chart diagramData diagramLayout diagramQuickStyle=diagramStyle diagramColors chartUserShapes=chartshapes",
    ),
    (ML, "theme drawing themeOverride"),
    (MS, "chartStyle=chartstyle chartColorStyle=chartcolorstyle chartEx=chartex"),
    ("application/vnd.ms-office.drawingml.", "diagramDrawing"),
):
    for _relation, _kind in _kinds(_prefix, _names).items():
        KEPT.setdefault(_relation, set()).add(_kind)
KEPT["image"] = {PICTURE}
KEPT["vmlDrawing"] = {f"{ML}vmlDrawing"}

# Left out with the elements that name them: they say who wrote a file and with what, carry hidden data, or only speed up
# opening; the document is complete without them.
DROPPED = words(
    """
    attachedTemplate mailMergeSource mailMergeHeaderSource mailMergeRecipientData recipientData transform customXml
    customXmlProps glossaryDocument webSettings stylesWithEffects people commentsExtensible documenttasks intelligence2020
    intelligence keyMapCustomizations font embeddedFont printerSettings tags calcChain sheetMetadata externalLink
    externalLinkPath customProperty usernames revisionHeaders xmlMaps tableSingleCells volatileDependencies rdRichValue
    rdRichValueStructure rdRichValueTypes rdRichValueWebImage rdSupportingPropertyBag rdSupportingPropertyBagStructure rdArray
    richStyles richValueRel featurePropertyBag namedSheetView namedSheetViews changesInfo revisionInfo htmlPubSaveAs
    slideUpdateInfo slideUpdateUrl hdphoto ink classificationlabels thumbnail chartsheetCustomProperty
    """
)
REFUSED = {
    "macros": words(
        """
        vbaProject wordVbaData control ctrlProp activeXControl activeXControlBinary xlMacrosheet xlIntlMacrosheet dialogsheet
        attachedToolbars userCustomization ui extensibility
        """
    ),
    "embedded": {"oleObject", "package", "aFChunk"},
    "outside": words(
        "subDocument frame connections queryTable powerPivotData webextension taskpanes webextensiontaskpanes"
    ),
}
REASONS = {name: code for code, names in REFUSED.items() for name in names}
FAMILIES = re.compile(
    r"https?://(schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml|schemas\.microsoft\.com)/[\w./-]+/([A-Za-z0-9-]+)$"
)
LINK = re.compile(r"(https?|mailto):[^\x00-\x20]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Relation:
    """One relation of a part, as written in the package."""

    key: str
    kind: str  # the whole type
    name: str  # its last word
    target: str
    is_external: bool


def read_relation(key: str, kind: str, target: str, mode: str | None) -> Relation:
    """Return a relation. Raises Refused: part (of a type that is not known by its form), outside (an unknown mode)."""
    if mode not in (None, "Internal", "External"):
        raise Refused("outside")
    found = FAMILIES.match(kind)
    if not found or not key:
        raise Refused("part")
    return Relation(key, kind, found[2], target.strip(), mode == "External")


def stays(relation: Relation, source_kind: str) -> bool:
    """Return whether a relation stays. Raises Refused for one that is dangerous, or not known: the code says which.

    The workbook behind a chart is left out, because the chart holds the values it shows.
    """
    if relation.name == "hyperlink":
        return is_link(relation)
    if relation.name in DROPPED or (relation.name == "package" and "chart" in source_kind):
        return False
    if relation.name == "image" and not relation.is_external and relation.target.lower().endswith(".svg"):
        return False  # Office stores the same picture as PNG beside it
    if relation.name in REASONS and not relation.is_external:
        raise Refused(REASONS[relation.name])
    if relation.is_external:
        raise Refused("outside")
    if relation.name not in KEPT:
        raise Refused("part")
    return True


def is_link(relation: Relation) -> bool:
    """Return whether a hyperlink leads to a page, a mail address, or a place in the document."""
    target = relation.target
    return target.startswith("#") or (relation.is_external and bool(LINK.match(target)))


def resolved(folder: str, target: str) -> str:
    """Return the name of the part a relation leads to, in lower case. Raises Refused (path)."""
    path = unquote(target).partition("#")[0].casefold()
    if "\\" in path or ":" in path or path.startswith("//"):
        raise Refused("path")
    steps: list[str] = [] if path.startswith("/") else [step for step in folder.casefold().split("/") if step]
    for step in path.split("/"):
        if step == "..":
            if not steps:
                raise Refused("path")
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
