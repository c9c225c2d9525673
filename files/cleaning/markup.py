"""Checks the XML of office files as a stream: no tree in memory, no entity declarations, no external fields."""

import re
from typing import Any
from xml.parsers import expat

from files.cleaning.kinds import Refused

# Formulas and fields that start a program or fetch from elsewhere: DDE (program|'topic'!item) and similar.
FORMULA = re.compile(r"\|.*!|\b(WEBSERVICE|RTD|CALL|EXEC|REGISTER(\.ID)?|FOPEN)\s*\(", re.IGNORECASE)
FIELD = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON)\b", re.IGNORECASE)
FORMULAS, FIELDS, BREAKS = {"f", "definedName"}, {"instrText"}, {"fldChar"}


class Reader:
    """Collects formulas and field instructions while expat parses; an instruction may be split over many runs."""

    def __init__(self) -> None:
        self.inside = ""
        self.formula = ""
        self.fields = ""

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self.inside = local
        if local in BREAKS:
            self.fields += " "
        if local in ("ddeLink", "oleLink"):
            raise Refused("formula")
        self.fields += "".join(f" {value} " for key, value in attributes.items() if key.rpartition(":")[2] == "instr")

    def text(self, text: str) -> None:
        if self.inside in FORMULAS:
            self.formula += text
        elif self.inside in FIELDS:
            self.fields += text

    def closed(self, name: str) -> None:
        if self.formula and FORMULA.search(self.formula):
            raise Refused("formula")
        self.inside = self.formula = ""


def _no_entities(*declaration: Any) -> None:
    raise Refused("entities")


def check_markup(part: bytes) -> None:
    """Raise Refused for XML that is malformed, declares a document type, or has a field or formula reaching outside."""
    reader, parser = Reader(), expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_entities
    parser.StartElementHandler, parser.CharacterDataHandler = reader.opened, reader.text
    parser.EndElementHandler = reader.closed
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError):
        raise Refused("broken") from None
    if FIELD.search(reader.fields):
        raise Refused("formula")
