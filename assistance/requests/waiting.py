"""What a request waits for: who has to act, and by which day; the service times of UNOCT among them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.requests.models import OFFERS_TAKEN, AssistanceRequest
from assistance.requests.rules import objection_is_settled
from assistance.requests.states import RequestStatus
from assistance.workflow.models import Due
from entities.actors import Actor
from entities.local_days import day_of, today_of
from web.dates import in_words

# Working days in which UNOCT authenticates a request, and then acknowledges it, as the State is told.
AUTHENTICATION, ACKNOWLEDGEMENT = 5, 2
NOTE_FOLLOWS = 10  # working days in which a note verbale follows that was announced
CHOICE = timedelta(days=45)  # after the day until which offers are taken, in which the State chooses

OF_UNOCT = ("request_authenticate", "request_acknowledge")  # the kinds of clocks by which UNOCT acts
UNOCT_ACTS, STATE_ACTS, PROVIDERS_ACT = "unoct", "state", "providers"


@dataclass(frozen=True)
class Waiting:
    """Who has to act, what is to be done in a sentence, since when, and until which day (None: no day is set)."""

    who: str
    text: str | Promise
    since: date | None = None
    due: date | None = None

    @property
    def is_late(self) -> bool:
        """Whether the day has passed."""
        return self.due is not None and self.due < timezone.now().date()


def age_of(row: AssistanceRequest) -> int | None:
    """Return how many days have passed in the State since a request was submitted; None for one that was not."""
    return None if row.submitted_at is None else (today_of(row.state) - day_of(row.submitted_at, row.state)).days


def due_days(actor: Actor, rows: Iterable[AssistanceRequest]) -> dict[UUID, date]:
    """Return request → the day by which UNOCT is to authenticate or acknowledge it, as this actor sees it. One statement."""
    dues = policy.visible(actor, Due).filter(assistance_request__in=[row.pk for row in rows], done_at=None)
    found = dues.filter(kind__in=OF_UNOCT).select_related("owed_by")
    days = {due.assistance_request_id: due.due_on for due in found}
    return {key: day for key, day in days.items() if key and day}


def waiting(row: AssistanceRequest, due: date | None = None) -> Waiting | None:
    """Return what a request waits for, or None for a closed one. `due` is its day of `due_days`, if it is known."""
    status = RequestStatus(row.status)
    if status in (RequestStatus.SUBMITTED, RequestStatus.AUTHENTICATED):
        return _at_unoct(row, status, due)
    if status == RequestStatus.ACKNOWLEDGED:
        return _acknowledged(row)
    if status in (RequestStatus.CIRCULATED, RequestStatus.OFFERS_IN):
        return _open_to_providers(row, status)
    simple = {
        RequestStatus.DRAFT: (STATE_ACTS, _("The State completes and submits it.")),
        RequestStatus.PROPOSED: (STATE_ACTS, _("A colleague of the State confirms it.")),
        RequestStatus.RETURNED: (STATE_ACTS, _("The State clarifies it and submits it again.")),
        RequestStatus.PROVIDER_CHOSEN: (PROVIDERS_ACT, _("The provider starts delivery.")),
        RequestStatus.IN_IMPLEMENTATION: (PROVIDERS_ACT, _("The provider delivers. CTED or the State verifies.")),
    }
    return Waiting(*simple[status]) if status in simple else None


def _at_unoct(row: AssistanceRequest, status: RequestStatus, due: date | None) -> Waiting:
    is_first = status == RequestStatus.SUBMITTED
    since = row.submitted_at if is_first else row.authenticated_at
    day = since.date() if since else None
    if due is None:
        return Waiting(UNOCT_ACTS, _("UNOCT authenticates it.") if is_first else _("UNOCT acknowledges it."), day)
    text = _("UNOCT authenticates it by %(date)s.") if is_first else _("UNOCT acknowledges it by %(date)s.")
    return Waiting(UNOCT_ACTS, text % {"date": in_words(due)}, day, due)


def _acknowledged(row: AssistanceRequest) -> Waiting:
    since = row.acknowledged_at.date() if row.acknowledged_at else None
    if objection_is_settled(row) or row.objection_until is None:
        return Waiting(UNOCT_ACTS, _("UNOCT circulates it."), since)
    text = _("The State may object until %(date)s.") % {"date": in_words(row.objection_until)}
    return Waiting(STATE_ACTS, text, since, row.objection_until)


def choice_by(row: AssistanceRequest) -> date | None:
    """Return the day by which the State chooses among the offers; None before the circulation."""
    if row.circulated_at is None:
        return None
    return (row.closes_for_offers or row.circulated_at.date() + OFFERS_TAKEN) + CHOICE


def _open_to_providers(row: AssistanceRequest, status: RequestStatus) -> Waiting:
    since = row.circulated_at.date()
    closes = row.closes_for_offers or since + OFFERS_TAKEN
    if status == RequestStatus.OFFERS_IN:
        due = closes + CHOICE
        text = _("The State chooses among the offers by %(date)s.") % {"date": in_words(due)}
        return Waiting(STATE_ACTS, text, since, due)
    return Waiting(
        PROVIDERS_ACT, _("Providers offer assistance until %(date)s.") % {"date": in_words(closes)}, since, closes
    )


def next_step(row: AssistanceRequest) -> str | Promise:
    """Return in a sentence what moves a request on, and who can do it; empty for a closed one."""
    found = waiting(row)
    return found.text if found else ""
