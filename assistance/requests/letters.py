"""The letters about requests: acknowledgement, circulation, transmission of offers, and the question after a year.

Source: form of notes verbales in the United Nations Correspondence Manual. Between the Secretariat and a mission they are
in the third person and in the name of the Secretariat; organizations get a letter.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assistance.access import audience_names, policy
from assistance.letters.kinds import Fact, LetterKind
from assistance.needs.models import Match
from assistance.requests.models import AssistanceRequest
from assistance.requests.queries import COMPARED
from assistance.requests.rules import allowed_groups
from assistance.requests.states import AFTER_CIRCULATION, OPEN_TO_PROVIDERS, RequestStatus
from assistance.requests.waiting import choice_by
from entities.actors import Actor
from web.dates import in_words
from web.lists import enumerated
from web.phrases import percent, with_remark
from web.translated_text import localized

TEXTS = Path(__file__).parent / "data" / "letters.json"
NAMES: Mapping[str, str | Promise] = {
    "date": _("the day on which the letter is drawn up"),
    "reference": _("the reference of the request"),
    "state": _("the name of the State"),
    "title": _("the title of the request"),
    "note": _("number and date of the note verbale"),
    "recipients": _("whom the State allows to read the request"),
    "objection_until": _("the last day for objections"),
    "deliverable": _("what will exist afterwards"),
    "beneficiary": _("the beneficiary institution"),
    "wanted_by": _("the day by which assistance is required"),
    "offers_until": _("the last day for offers"),
    "offers": _("the offers received"),
    "choice_by": _("the day by which the State chooses"),
    "submitted_on": _("the day of the submission"),
}


def facts(actor: Actor, row: AssistanceRequest) -> Mapping[str, Fact]:
    """Return what a letter about a request can say, in the active language; texts of the State as it has written them."""
    language = get_language() or "en"
    note = row.note_number if not row.note_dated else with_remark(row.note_number, in_words(row.note_dated))
    values: dict[str, Any] = {
        "date": in_words(timezone.localdate()),
        "reference": str(row),
        "state": row.state.name,
        "title": localized(row, "title", language).value,
        "note": note if row.note_number else "",
        "recipients": enumerated(audience_names.names_of(allowed_groups(row))),
        "objection_until": _day(row.objection_until),
        "deliverable": row.deliverable,
        "beneficiary": row.beneficiary,
        "wanted_by": _day(row.wanted_by),
        "offers_until": _day(row.closes_for_offers),
        "offers": "\n".join(_offers(actor, row)),
        "choice_by": _day(choice_by(row)),
        "submitted_on": _day(row.submitted_at),
    }
    return {name: Fact(NAMES[name], str(value)) for name, value in values.items()}


def _day(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return in_words(value) if value else ""


def _offers(actor: Actor, row: AssistanceRequest) -> list[str]:
    """Return the offers that the actor sees as lines: provider, share and type of assistance."""
    seen = policy.visible(actor, Match).filter(need__assistance_requests=row, status__in=COMPARED)
    return [
        f"{match.provider.name}: {percent(match.share)}, {match.need.get_assistance_type_display()}"
        for match in seen.select_related("provider", "need").order_by("need__assistance_type", "-share", "pk")
    ]


def _kind(name: str, label: str | Promise, possible: Callable[[AssistanceRequest], bool]) -> LetterKind:
    return LetterKind(name=name, label=label, facts=facts, names=NAMES, possible=possible, texts=TEXTS)


LETTERS = (
    _kind(
        "acknowledgement",
        _("Letter acknowledging a request"),
        lambda row: row.status in (RequestStatus.AUTHENTICATED, RequestStatus.ACKNOWLEDGED),
    ),
    _kind(
        "circulation", _("Letter circulating a request to organizations"), lambda row: row.status in OPEN_TO_PROVIDERS
    ),
    _kind(
        "circulation-note",
        _("Note verbale circulating a request to missions"),
        lambda row: row.status in OPEN_TO_PROVIDERS,
    ),
    _kind("offers", _("Letter transmitting offers"), lambda row: row.status in AFTER_CIRCULATION),
    _kind(
        "year",
        _("Letter asking after a year"),
        lambda row: row.submitted_at is not None and row.status in (*AFTER_CIRCULATION, RequestStatus.CLOSED),
    ),
)
LABELS = {kind.name: kind.label for kind in LETTERS}
