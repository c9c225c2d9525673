"""Writes texts and tables as DOCX files, in the direction of their language."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language_info
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from assistance.letters import kinds
from assistance.letters.drafting import BLANK, Draft
from web.languages import to_wire
from web.translated_text import Text

A4 = (Cm(21), Cm(29.7))
TEXT_WIDTH = 15.0  # centimetres of a page in portrait between its margins
FONT, SIZE = "Times New Roman", Pt(12)
Cell = kinds.Cell
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Writer:
    """A DOCX file in one language: headings, paragraphs and tables; what is missing in the record is marked."""

    def __init__(self, title: str, language: str, *, landscape: bool = False, size: Any = SIZE) -> None:
        self.language, self.size = language, size
        self.document = Document()
        self.document.core_properties.title, self.document.core_properties.author = title, ""
        self.document.core_properties.comments = ""
        for section in self.document.sections:
            section.page_width, section.page_height = A4
            section.left_margin = section.right_margin = Cm(2 if landscape else 3)
            if landscape:
                section.orientation = WD_ORIENT.LANDSCAPE
                section.page_width, section.page_height = section.page_height, section.page_width
        style: Any = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, size

    def paragraph(self, text: str) -> None:
        """Add a paragraph."""
        self._fill(self.document.add_paragraph(), text, after=10)

    def heading(self, text: str, level: int = 1) -> None:
        """Add a heading, which Word lists in its outline."""
        paragraph = self.document.add_heading("", level)
        self._fill(paragraph, text, after=6, bold=True)

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, widths: Sequence[float] = ()) -> None:
        """Add a table; with headings, its first row is repeated on every page. `widths` are centimetres."""
        filled: list[Sequence[Cell]] = [*([headings] if headings else []), *rows]
        if not filled:
            return
        table = self.document.add_table(rows=len(filled), cols=len(filled[0]), style="Table Grid")
        if _is_right_to_left(self.language):
            table._tbl.tblPr.append(OxmlElement("w:bidiVisual"))
        for column, width in zip(table.columns, widths, strict=False):  # by these LibreOffice draws the columns
            column.width = Cm(width)
        table.autofit = not widths
        for number, texts in enumerate(filled):
            is_heading = bool(headings) and number == 0
            for at, text in enumerate(texts):
                cell = table.rows[number].cells[at]
                if widths:
                    cell.width = Cm(widths[at])
                is_label = is_heading or (not headings and at == 0)
                self._lines(cell, text, bold=is_label)
        if headings:
            properties = table.rows[0]._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:tblHeader"))

    def content(self) -> bytes:
        """Return the file."""
        content = io.BytesIO()
        self.document.save(content)
        return content.getvalue()

    def _lines(self, cell: Any, text: Cell, *, bold: bool) -> None:
        """Fill a cell: a paragraph for each line of the text."""
        language = text.language if isinstance(text, Text) else self.language
        for number, line in enumerate(str(text).split("\n")):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            self._fill(paragraph, line, after=2, bold=bold, language=language)

    def _fill(self, paragraph: Any, text: str, *, after: int, bold: bool = False, language: str = "") -> None:
        language = language or self.language
        is_right_to_left = _is_right_to_left(language)
        paragraph.paragraph_format.space_after = Pt(after)
        if is_right_to_left:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT  # of a paragraph from right to left, the side where it begins
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for part in _parts(text):
            run = paragraph.add_run(part)
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW if part == BLANK else None
            run.bold = bold or None
            self._in_language(run, language, is_right_to_left, bold=bold)

    def _in_language(self, run: Any, language: str, is_right_to_left: bool, *, bold: bool) -> None:
        """Mark the language of a run for the spelling check, and direction and font where it runs from right to left."""
        properties = run._r.get_or_add_rPr()
        fonts = properties.find(qn("w:rFonts"))
        if fonts is None:
            fonts = OxmlElement("w:rFonts")
            properties.append(fonts)
        fonts.set(qn("w:cs"), FONT)
        if is_right_to_left:
            if bold:
                properties.append(OxmlElement("w:bCs"))
            size = OxmlElement("w:szCs")
            size.set(qn("w:val"), str(int(self.size.pt * 2)))
            properties.append(size)
            properties.append(OxmlElement("w:rtl"))
        spelling = OxmlElement("w:lang")
        spelling.set(qn("w:bidi" if is_right_to_left else "w:val"), to_wire(language))
        properties.append(spelling)


def to_docx(draft: Draft) -> bytes:
    """Return the file of a letter: its paragraphs, in which what is missing is marked, and its table."""
    writer = Writer(draft.file_name, draft.language)
    for text in draft.paragraphs:
        writer.paragraph(text)
    if draft.table:
        headings, rows = draft.table
        share = TEXT_WIDTH / (len(headings) + 1)  # the first column, which names what the others are about, has two
        writer.table(headings, rows, widths=(2 * share, *[share] * (len(headings) - 1)))
    return writer.content()


def _is_right_to_left(language: str) -> bool:
    return bool(get_language_info(language)["bidi"])


def _parts(text: str) -> list[str]:
    """Return a text cut at the signs for what is missing."""
    found: list[str] = []
    for number, part in enumerate(text.split(BLANK)):
        found += [BLANK, part] if number else [part]
    return [part for part in found if part]
