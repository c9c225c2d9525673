"""The recommendations of a report as one table in a file: what the State said and what CTED found, as its reader sees it."""

from django.utils.text import capfirst
from django.utils.translation import get_language_bidi, override, pgettext
from django.utils.translation import gettext as _
from docx.shared import Pt

from assistance.access import policy
from assistance.letters.docx import Cell, Writer
from assistance.recommendations.models import Rating, Response
from assistance.recommendations.queries import Line, lines_of
from assistance.visits.models import Visit
from audit import log
from audit.kinds import Kind
from entities.actors import Actor
from web.dates import in_words, span
from web.languages import to_wire
from web.spreadsheets import workbook
from web.translated_text import Text, localized

WIDTHS = (1, 6, 2.2, 2.4, 4.4, 2.4, 4.4, 2.8)  # centimetres
NOTHING = "–"
NARROW = (1.2, 14, 4, 6)  # without what State and CTED say to each other


def file_name(visit: Visit, language: str) -> str:
    """Return the name of the file, without its ending."""
    return f"{visit.reference}-{to_wire(language)}"


def to_docx(actor: Actor, visit: Visit, language: str) -> bytes:
    """Return the table as a DOCX file in a language, and log it."""
    lines, told = _read(actor, visit)
    with override(language):
        writer = Writer(file_name(visit, language), language, landscape=True, size=Pt(10))
        writer.heading(pgettext("page", "Recommendations"))
        writer.paragraph(f"{visit.state.name} · {span(visit.starts_on, visit.ends_on)} · {visit.reference}")
        rows = [_cells(line, language, told=told) for line in lines]
        writer.table(_headings(told=told), rows, widths=WIDTHS if told else NARROW)
        return writer.content()


def to_xlsx(actor: Actor, visit: Visit, language: str) -> bytes:
    """Return the table as a spreadsheet in a language, and log it. Nothing in it is applied when it comes back."""
    lines, told = _read(actor, visit)
    with override(language):
        rows = [[str(cell) for cell in _cells(line, language, told=told)] for line in lines]
        title = pgettext("page", "Recommendations")
        return workbook(title, _headings(told=told), rows, right_to_left=get_language_bidi())


# ── To fill in ───────────────────────────────────────────────────────────────
def blank(actor: Actor, visit: Visit, language: str) -> tuple[list[str], list[list[Cell]]]:
    """Return headings and rows of the table in which a State replies, with nothing filled in, in the active language."""
    lines = lines_of(actor, [visit])
    log.read([line.row for line in lines])
    headings = [
        pgettext("label", "Recommendation"),
        capfirst(_("action taken")),
        capfirst(_("date of the action")),
        capfirst(pgettext("field", "evidence")),
    ]
    return headings, [[_numbered(line, language), "", "", ""] for line in lines]


def _numbered(line: Line, language: str) -> Text:
    title, text = localized(line.row, "title", language), localized(line.row, "text", language)
    return Text(f"{line.row.number}. {title}\n{text}", text.language)


def blank_xlsx(actor: Actor, visit: Visit, language: str) -> bytes:
    """Return that table as a spreadsheet in a language, and log it. Nothing in it is applied when it comes back."""
    with override(language):
        headings, rows = blank(actor, visit, language)
        log.record(Kind.EXPORTED, detail=f"blank reply to {visit.reference}, {len(rows)} rows")
        cells = [[str(cell) for cell in row] for row in rows]
        title = _("Reply to the recommendations")
        return workbook(title, headings, cells, right_to_left=get_language_bidi())


def _read(actor: Actor, visit: Visit) -> tuple[list[Line], bool]:
    lines = lines_of(actor, [visit])
    log.read([visit, *(line.row for line in lines)])
    log.record(Kind.EXPORTED, detail=f"recommendations of {visit.reference}, {len(lines)} rows")
    return lines, policy.sees_consents(actor, visit.state_id)


def _headings(*, told: bool) -> list[str]:
    said = [_("State said"), capfirst(_("action taken")), _("CTED found"), capfirst(_("reason for the rating"))]
    return [
        capfirst(pgettext("field", "number")),
        pgettext("label", "Recommendation"),
        pgettext("label", "Priority"),
        *(said if told else []),
        pgettext("column", "Needs"),
    ]


def _cells(line: Line, language: str, *, told: bool) -> list[Cell]:
    title, text = localized(line.row, "title", language), localized(line.row, "text", language)
    return [
        str(line.row.number),
        Text(f"{title}\n{text}", text.language),
        line.row.get_priority_display(),
        *([*_said(line.response, language), *_rated(line.rating, language)] if told else []),
        "\n".join(need.reference for need in line.needs) or NOTHING,
    ]


def _said(response: Response | None, language: str) -> list[Cell]:
    if response is None:
        return [NOTHING, NOTHING]
    day = in_words(response.on) if response.on else ""
    status = "\n".join(filter(None, (response.get_said_display(), day)))
    return [status, localized(response, "action", language) if response.action else NOTHING]


def _rated(rating: Rating | None, language: str) -> list[Cell]:
    if rating is None:
        return [NOTHING, NOTHING]
    return [f"{rating.get_rated_display()}\n{in_words(rating.rated_on)}", localized(rating, "why", language)]
