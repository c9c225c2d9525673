"""Writes a letter as a DOCX file, in the direction of its language."""

import io

from django.utils.translation import get_language_info
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from assistance.letters.drafting import BLANK, Draft
from web.languages import to_wire

FONT, SIZE = "Times New Roman", Pt(12)
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def to_docx(draft: Draft) -> bytes:
    """Return the file of a letter: a paragraph for each of the draft; what is missing is marked."""
    document = Document()
    document.core_properties.title, document.core_properties.author = draft.file_name, ""
    document.core_properties.comments = ""
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(3)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, SIZE
    is_right_to_left = bool(get_language_info(draft.language)["bidi"])
    for text in draft.paragraphs:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(10)
        if is_right_to_left:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT  # of a paragraph from right to left, the side where it begins
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for part in _parts(text):
            run = paragraph.add_run(part)
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW if part == BLANK else None
            _in_language(run, draft.language, is_right_to_left)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _parts(text: str) -> list[str]:
    """Return a text cut at the signs for what is missing."""
    found: list[str] = []
    for number, part in enumerate(text.split(BLANK)):
        found += [BLANK, part] if number else [part]
    return [part for part in found if part]


def _in_language(run: object, language: str, is_right_to_left: bool) -> None:
    """Mark the language of a run for the spelling check, and its direction and font where it runs from right to left."""
    properties = run._r.get_or_add_rPr()  # type: ignore[attr-defined]
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.append(fonts)
    fonts.set(qn("w:cs"), FONT)
    if is_right_to_left:
        size = OxmlElement("w:szCs")
        size.set(qn("w:val"), str(int(SIZE.pt * 2)))
        properties.append(size)
        properties.append(OxmlElement("w:rtl"))
    spelling = OxmlElement("w:lang")
    spelling.set(qn("w:bidi" if is_right_to_left else "w:val"), to_wire(language))
    properties.append(spelling)
