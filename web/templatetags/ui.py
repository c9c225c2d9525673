"""The pieces every page is built from: components that refuse a misspelt argument.

A tag here takes exactly the arguments written below; an unknown or a missing one is a TemplateSyntaxError when the
template is read, an unknown tone or icon a ValueError when it is rendered. The first argument may be given by position,
the others by name. "Row" means a mapping or any object with these attributes. All labels come translated.

  {% load ui %}
  heading title reference="" language="" lead=""   language = code of the language the title is written in
  badge label tone="neutral" icon=""               tones: TONES below; icons: names in vendor/bootstrap-icons/sprite.svg
  icon name                                        decoration only: hidden from screen readers
  stepper steps                                    row: label, state (done | here | todo), hint, at
  timeline entries                                 row: at, actor, text, reason, tone
  who_sees who                                     who: assistance.access.viewers.Viewers
  filter_bar filters chips=() action=""            filters: a form or FilterSet; chip: label, url; results in id="results"
  list_table headings rows                         a whole table; headings: web.views.Heading, rows: what its cells show
  table_head columns                               column: label, url, sorted ("" | ascending | descending), css
  density                                          the switch between compact and comfortable lists
  empty title text="" url="" action=""             empty state; action = label of the button to url
  pager next_url="" previous_url=""
  action_button action                             action: label, url, consequence, tone
  coverage claimed confirmed verified              percentages 0 to 100 of one need, as bar and words
  coverage_line claimed confirmed verified         the same in one line of a list: a thin bar, and a number unless it is zero
  pillar_balance rows                              row: label, count, share (percentage)
  funnel rows                                      row: label, count, url
  sparkline values                                 numbers in their order, as a small line; nothing for fewer than two
  month first rows                                 the month of a day; row: day, url, matter (see web.months)
  text_in text lang dir="" reader_lang="" block=False   text in its language, marked when it is not the reader's
  original instance field block=False              the same for a translated model field that may have fallen back
  written text block=False                         the same for a text whose language is not stored: told by its letters
  ltr value                                        a reference, number or Latin name kept left to right (also a filter)
  form_key                                         the hidden field of a form that is sent once, beside csrf_token
  span first last, period first last                two days in words; the same where one end may be open
  people_in people organisations                   3 people in 2 organizations
  value|percent, value|date:"DATE_FORMAT", now     a share kept on one line; dates as web.dates writes them
  names|enumerated, names|isolated, comma           a list in words; with each name isolated; what stands between two
  own_languages                                     the languages of the portal: code, own name
  codes|language_names, codes|own_language_names    languages by their names in the reader's language, and in their own
  mail_link address                                 an address of mail as a link, also inside a sentence (`as`)
  labelled label … endlabelled                     label and value as each language writes them: no colon in a template
  labelled "" … endlabelled                        the colon and the value only, after a label that stands before it
  error_summary form                               links to the faulty fields; {{ form }} already brings its own

Layout classes for pages (portal.css, components.css): `with-aside` (main and side column), `panel` (white card),
`table-cards` on a <table> with `data-label` on each td (cards on a phone), `facts` on a <dl>, `num` on a number cell,
`actions` (row of buttons), `lead-in` (introduction). A <form data-keep="name"> survives an accidental reload.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.db.models import Model
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from web import markup
from web.markup import badge, coverage_line, icon, matter
from web.months import month_of
from web.templatetags import phrases
from web.translated_text import language_by_letters, localized
from web.views import FORM_KEY, Column, Heading

register = template.Library()

MOST_NAMED = 20  # fields in an error summary; the rest is counted
Row = Mapping[str, Any] | Any


def component(function: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Register `function` as the tag of its name, rendering components/<name>.html with what it returns."""
    return register.inclusion_tag(f"components/{function.__name__}.html")(function)


def percentage(value: float | Decimal | None) -> int:
    """Return a whole number from 0 to 100, safe as an SVG length: never localised, never beyond the bar."""
    return max(0, min(100, round(value or 0)))


register.tags |= phrases.register.tags
register.filters |= phrases.register.filters


register.simple_tag(icon)
register.simple_tag(matter)


@component
def heading(title: str, *, reference: str = "", language: str = "", lead: str = "") -> dict[str, Any]:
    """Return the one h1 of a page, with the reference number above it and one sentence of introduction below."""
    return {"title": title, "reference": reference, "language": language, "lead": lead}


@register.simple_tag(name="badge")
def badge_tag(label: str, *, tone: str = "neutral", icon: str = "") -> SafeString:
    """Return a status, priority or consent as icon, word and colour together."""
    return badge(label, tone, icon)


@component
def stepper(steps: Iterable[Row]) -> dict[str, Any]:
    """Return the progress of an object: the steps done, the current one, and those to come.

    On a phone the current one stands alone, with its number, and all of them are folded beneath it.
    """
    found = list(steps)
    here = next((i for i, step in enumerate(found) if part(step, "state") == "here"), None)
    now = None if here is None else {"number": here + 1, "step": found[here]}
    return {"steps": found, "here": now}


@component
def timeline(entries: Iterable[Row]) -> dict[str, Any]:
    """Return the events in the caller's order, each with who, when and the reason given."""
    return {"entries": list(entries)}


@component
def who_sees(who: Row) -> dict[str, Any]:
    """Return the line "who can see this" that every restricted record shows."""
    return {"who": who}


@component
def filter_bar(filters: Any, *, chips: Iterable[Row] = (), action: str = "") -> dict[str, Any]:
    """Return a GET form whose state is the URL; with JavaScript a change reloads #results alone."""
    return {"form": getattr(filters, "form", filters), "chips": list(chips), "action": action}


@component
def table_head(columns: Iterable[Row]) -> dict[str, Any]:
    """Return the head of a table whose columns may be sorted by following a link."""
    return {"columns": list(columns)}


@register.inclusion_tag("components/list_table.html", takes_context=True)
def list_table(context: Context, headings: Iterable[Heading], rows: Iterable[Any]) -> dict[str, Any]:
    """Return a table with one row for each object; on a phone each row is a card (web.views.Column)."""
    shown = list(headings)
    own = context.new({"csrf_token": context.get("csrf_token")})
    frames = [_frame(heading) for heading in shown]
    lines = (
        "".join(f"{begin}{conditional_escape(cell(own, column, row))}{end}" for begin, column, end in frames)
        for row in rows
    )
    body = SafeString("\n".join(f"<tr>{line}</tr>" for line in lines))  # nosec B703 (each part is escaped)
    return {"headings": shown, "body": body, "summary": any(heading.column.card for heading in shown)}


def _frame(heading: Heading) -> tuple[SafeString, Column, SafeString]:
    """Return what stands before and after each cell of a column."""
    label, css = heading.label, heading.css
    if heading.column.row_heading:
        begin = format_html('<th scope="row" data-label="{}" class="{}"><div>', label, css)
        return begin, heading.column, SafeString("</div></th>")
    said = SafeString("") if heading.hidden_label else format_html(' data-label="{}"', label)
    return format_html('<td{} class="{}"><div>', said, css), heading.column, SafeString("</div></td>")


def cell(context: Context, column: Column, row: Any) -> str:
    """Return one cell of a table, by the column's function or rendered by its template (web.views.Column)."""
    value = column.value_of(row)
    if callable(column.template):
        return column.template(row, column.field, value)
    template_ = context.template.engine.get_template(column.template)  # type: ignore[union-attr]
    with context.push(object=row, field=column.field, value=value):
        return template_.render(context)


@component
def empty(title: str, *, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """Return the text shown instead of an empty list: what it would contain and what to do next."""
    return {"title": title, "text": text, "url": url, "action": action}


@component
def pager(*, next_url: str | None = "", previous_url: str | None = "") -> dict[str, Any]:
    """Return links to the next and previous page; nothing when there is only one page."""
    return {"next_url": next_url, "previous_url": previous_url}


@component
def action_button(action: Row) -> dict[str, Any]:
    """Return one action the reader may take here: a link to its page, and one line with the consequence."""
    return {"action": action}


@component
def coverage(
    claimed: float | Decimal | None, confirmed: float | Decimal | None, verified: float | Decimal | None
) -> dict[str, Any]:
    """Return how much of a need is promised, agreed by the State and verified as delivered."""
    shares = {"claimed": percentage(claimed), "confirmed": percentage(confirmed), "verified": percentage(verified)}
    return {**shares, "still_open": 100 - shares["confirmed"]}


@register.simple_tag(name="coverage_line")
def coverage_line_tag(
    claimed: float | Decimal | None, confirmed: float | Decimal | None, verified: float | Decimal | None
) -> SafeString:
    """Return the coverage of a need as one line of a list: a thin bar, and the confirmed share unless it is zero."""
    return coverage_line(percentage(confirmed), percentage(verified))


@component
def pillar_balance(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the four pillars side by side: bars in a table, so that the numbers can be read without the picture."""
    return {"rows": with_length(rows, "share", scale=100)}


@component
def funnel(rows: Iterable[Row]) -> dict[str, Any]:
    """Return counts by status, each a link to the list it counts; bars are relative to the longest."""
    return {"rows": with_length(rows, "count")}


@component
def sparkline(values: Iterable[Decimal]) -> dict[str, Any]:
    """Return numbers as a small line from left to right, the largest at the top; the numbers themselves stand beside it."""
    found = list(values)
    if len(found) < 2:
        return {"points": ""}
    least, most = min(found), max(found)
    height = (most - least) or 1
    places = [
        (round(100 * at / (len(found) - 1)), round(24 * (most - value) / height)) for at, value in enumerate(found)
    ]
    return {"points": " ".join(f"{x},{y}" for x, y in places), "last": [str(part) for part in places[-1]]}


@component
def month(first: date, rows: Iterable[Row]) -> dict[str, Any]:
    """Return a month as a table of weeks in which the days of the rows are marked and lead to them."""
    return {"month": month_of(first, rows)}


def with_length(rows: Iterable[Row], name: str, scale: float | None = None) -> list[dict[str, Any]]:
    """Return rows with the bar length in per cent of `scale`, or of the largest value when no scale is given."""
    rows = list(rows)
    values = [part(row, name) or 0 for row in rows]
    whole = scale or max(values, default=0) or 1
    return [{"row": row, "length": percentage(100 * value / whole)} for row, value in zip(rows, values, strict=True)]


def part(row: Row, name: str) -> Any:
    """Return one named part of a row, be it a mapping or an object."""
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


@register.inclusion_tag("components/text_in.html")
def text_in(
    text: str,
    lang: str,
    *,
    dir: str = "",  # noqa: A002 - named as the attribute of HTML
    reader_lang: str = "",
    block: bool = False,
) -> dict[str, Any]:
    """Return a user's text in its own language, marked when that is not the reader's.

    `block` keeps paragraphs. An unknown language code gives the text without a mark and lets the browser find its
    direction.
    """
    if not block:
        return {"line": markup.text_in(text, lang, direction=dir, reader=reader_lang)}
    facts = markup.facts_of(lang, reader_lang)
    return {**facts, "text": text, "dir": dir or facts["dir"], "foreign": bool(text) and facts["foreign"]}


@register.inclusion_tag("components/text_in.html")
def original(instance: Model, field: str, *, block: bool = False) -> dict[str, Any]:
    """Return a translated model field together with the language of the column the text comes from."""
    text = localized(instance, field)
    return text_in(text.value, text.language, block=block)


@component
def density() -> dict[str, Any]:
    """Return the switch between compact and comfortable lists; without JavaScript it is hidden and they are compact."""
    return {}


@register.inclusion_tag("components/text_in.html")
def written(text: str, *, block: bool = False) -> dict[str, Any]:
    """Return a text whose language nobody stored, such as a reason: marked where its letters show another language."""
    return text_in(text, language_by_letters(text), block=block)


@register.simple_tag(takes_context=True)
def form_key(context: Context) -> SafeString:
    """Return the hidden field with the key of a form, which is sent once; nothing where the page has no such view."""
    view = context.get("view")
    key = view.get_form_key() if view is not None and hasattr(view, "get_form_key") else ""
    return format_html('<input type="hidden" name="{}" value="{}">', FORM_KEY, key) if key else SafeString("")


@component
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Return the errors of a form, each linked to its field; rendered once per form however often called."""
    if getattr(form, "summary_shown", False):
        return {"rows": []}
    form.summary_shown = True  # type: ignore[attr-defined]
    rows = [{"target": "", "label": "", "text": text} for text in form.non_field_errors()]
    wrong = [bound for bound in [*form.visible_fields(), *form.hidden_fields()] if bound.errors]
    for bound in wrong[:MOST_NAMED]:
        rows += [{"target": field_target(bound), "label": bound.label, "text": text} for text in bound.errors]
    return {"rows": rows[: 2 * MOST_NAMED], "more": len(wrong[MOST_NAMED:])}


def field_target(bound: BoundField) -> str:
    """Return the id a link must use to reach this field: its group, its control, or nothing when hidden."""
    if bound.is_hidden:
        return ""
    return f"{bound.auto_id}_group" if bound.use_fieldset else bound.id_for_label
