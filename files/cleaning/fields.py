"""Word's fields: page numbers, references and similar stay; a field that fetches or starts something is refused."""

import re

from files.cleaning.kinds import Refused, words

# Fields computed from the document itself, and inert marks of other programs (ADDIN: the citations of reference managers).
KNOWN = words(
    """
    = ADDIN ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT AUTOTEXT AUTOTEXTLIST BARCODE BIBLIOGRAPHY BIDIOUTLINE CITATION
    COMMENTS COMPARE CREATEDATE DATE DISPLAYBARCODE DOCPROPERTY DOCVARIABLE EDITTIME EQ FILENAME FILESIZE FORMCHECKBOX
    FORMDROPDOWN FORMTEXT GOTOBUTTON GREETINGLINE ADDRESSBLOCK HYPERLINK IF INDEX INFO KEYWORDS LASTSAVEDBY LISTNUM
    MERGEFIELD MERGEBARCODE MERGEREC MERGESEQ NEXT NEXTIF NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF PRINTDATE QUOTE
    REF REVNUM SAVEDATE SECTION SECTIONPAGES SEQ SET SHAPE SKIPIF STYLEREF SUBJECT SYMBOL TA TC TEMPLATE TIME TITLE TOA TOC
    USERADDRESS USERINITIALS USERNAME XE
    """
)
KEYWORD = re.compile(r"\s*(=|[^\W\d_]+)?")
LINK = re.compile(r"\s*HYPERLINK\s+(?:\"([^\"]*)\"|“([^”]*)”|([^\s\\]\S*))", re.IGNORECASE)
WEB = re.compile(r"(https?|mailto):|#|$", re.IGNORECASE)


class Fields:
    """Reads the instructions of fields, which may be split over many runs and lie inside each other."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.outside = ""

    def mark(self, kind: str) -> None:
        """Note a mark of a field: begin, separate or end. Raises Refused: formula, outside."""
        if kind == "begin":
            if self.open and not self.open[-1].strip():  # its keyword would be the result of another field
                raise Refused("formula")
            self.open.append("")
        elif self.open:
            check_field(self.open[-1])
            if kind == "end":
                self.open.pop()

    def text(self, text: str) -> None:
        """Add a piece of an instruction."""
        if self.open:
            self.open[-1] += text
        else:
            self.outside += text

    def close(self) -> None:
        """Check what has no end, or no beginning. Raises Refused: formula, outside."""
        for instruction in (*self.open, self.outside):
            check_field(instruction)


def check_field(instruction: str) -> None:
    """Raise Refused for a field that is not known (formula), or a hyperlink to no page of the web (outside)."""
    found = KEYWORD.match(instruction)
    keyword = (found[1] or "") if found else ""
    if keyword.upper() not in KNOWN and instruction.strip():
        raise Refused("formula")
    link = LINK.match(instruction)
    if link and not WEB.match(link[1] or link[2] or link[3] or ""):
        raise Refused("outside")
