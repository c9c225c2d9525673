"""The letters of CTED about a visit: draft, reminder, final report, the reply asked for, and the consent asked for.

Source: form of notes verbales in the United Nations Correspondence Manual: in the third person and in the name of the
Secretariat.
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.consents.summaries import asked_of
from assistance.letters.kinds import Fact, LetterKind, Table, no_table
from assistance.recommendations import matrix
from assistance.recommendations.models import Recommendation
from assistance.visits.models import Visit
from assistance.workflow.naming import matter_of
from audit import log
from entities.actors import Actor
from web.dates import in_words
from web.translated_text import localized

TEXTS = Path(__file__).parent / "data" / "letters.json"
NAMES: Mapping[str, str | Promise] = {
    "date": gettext_lazy("the day on which the letter is drawn up"),
    "reference": gettext_lazy("the reference of the visit"),
    "state": gettext_lazy("the name of the State"),
    "visit_from": gettext_lazy("the first day of the visit"),
    "visit_to": gettext_lazy("the last day of the visit"),
    "draft_sent_on": gettext_lazy("the day on which the draft report was sent"),
    "observations_until": gettext_lazy("the last day for observations"),
    "adopted_on": gettext_lazy("the day on which the report was adopted"),
    "final_sent_on": gettext_lazy("the day on which the final report was sent"),
    "reply_by": gettext_lazy("the day by which the reply is requested"),
    "recommendations_count": gettext_lazy("the number of recommendations"),
    "recommendations": gettext_lazy("the recommendations, one to a line"),
}


def facts(actor: Actor, visit: Visit) -> Mapping[str, Fact]:
    """Return what a letter about a visit can say, in the active language."""
    language = get_language() or "en"
    own = list(policy.visible(actor, Recommendation).filter(visit=visit).order_by("number"))
    values: dict[str, Any] = {
        "date": in_words(timezone.localdate()),
        "reference": str(visit),
        "state": visit.state.name,
        "visit_from": _day(visit.starts_on),
        "visit_to": _day(visit.ends_on),
        "draft_sent_on": _day(visit.draft_sent_on),
        "observations_until": _day(visit.observations_until),
        "adopted_on": _day(visit.adopted_on),
        "final_sent_on": _day(visit.final_sent_on),
        "reply_by": _day(visit.reply_by),
        "recommendations_count": str(len(own) or ""),
        "recommendations": "\n".join(f"{row.number}. {localized(row, 'title', language).value}" for row in own),
    }
    return {name: Fact(NAMES[name], str(value)) for name, value in values.items()}


def _day(value: date | None) -> str:
    return in_words(value) if value else ""


def release_table(actor: Actor, visit: Visit) -> Table | None:
    """Return the table in which the State ticks what it releases: the sections, recommendations and needs it is asked for.

    A need that the State has not agreed to is marked: it can be released only afterwards.
    """
    asked = asked_of(actor, visit)
    log.read([row for row, _waits in asked])
    rows = [_line(row, waits=waits) for row, waits in asked]
    headings = (
        pgettext("of a report", "Part"),
        pgettext("item status", "Released"),
        pgettext("item status", "Not released"),
        pgettext("label", "Recipients"),
    )
    return (headings, rows) if rows else None


def _line(row: Any, *, waits: bool) -> tuple[str, str, str, str]:
    marked = "\n" + _("The State has not agreed to this need yet.") if waits else ""
    return f"{matter_of(row).title} ({row}){marked}", "☐", "☐", ""


def reply_table(actor: Actor, visit: Visit) -> Table | None:
    """Return the table that the State fills in to reply: a line for each recommendation."""
    headings, rows = matrix.blank(actor, visit, get_language() or "en")
    return (headings, rows) if rows else None


def _kind(
    name: str,
    label: str | Promise,
    possible: Callable[[Visit], bool],
    table: Callable[[Actor, Any], Table | None] = no_table,
    enclosure: Callable[[Actor, Any, str], bytes] | None = None,
) -> LetterKind:
    return LetterKind(
        name=name, label=label, facts=facts, names=NAMES, possible=lambda visit: visit.cancelled_on is None and possible(visit),
        texts=TEXTS, written_by="cted", table=table, enclosure=enclosure,
    )  # fmt: skip


LETTERS = (
    _kind(
        "draft-report",
        gettext_lazy("Letter transmitting the draft report"),
        lambda visit: visit.draft_sent_on is not None and visit.adopted_on is None,
    ),
    _kind(
        "observations-reminder",
        gettext_lazy("Letter reminding of the observations"),
        lambda visit: visit.draft_sent_on is not None and visit.observed_on is None and visit.adopted_on is None,
    ),
    _kind(
        "final-report",
        gettext_lazy("Letter transmitting the final report"),
        lambda visit: visit.final_sent_on is not None,
    ),
    _kind(
        "reply-request",
        gettext_lazy("Letter asking for the reply"),
        lambda visit: visit.final_sent_on is not None and visit.replied_on is None,
        reply_table,
        matrix.blank_xlsx,
    ),
    _kind(
        "consent-request",
        gettext_lazy("Letter asking for consent to a release"),
        lambda visit: visit.consent_asked_at is not None,
        release_table,
    ),
)
LABELS = {kind.name: kind.label for kind in LETTERS}
