"""The briefing list for UNOCT: all open requests by age, and every two months the notice that it is due."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext, pgettext_lazy
from docx.shared import Pt

from accounts.mail import outbox
from accounts.mail.messages import Message, register_messages
from accounts.models import Delivery, User
from assistance.access import policy
from assistance.letters.docx import Cell, Writer
from assistance.needs.models import Match
from assistance.requests import queries
from assistance.requests.messages import COORDINATOR_REASON
from assistance.requests.models import AssistanceRequest
from assistance.requests.states import RequestStatus
from assistance.requests.waiting import OF_UNOCT, age_of, due_days, waiting
from assistance.workflow.models import DoneHow, Due, Event
from entities.actors import UNOCT, Actor, actor_of
from entities.appointments import is_coordinator
from entities.appointments.notifications import coordinators
from entities.delegation import recipients
from entities.local_days import day_of
from entities.models import Organisation
from web.dates import in_words
from web.exceptions import Forbidden
from web.periods import add_months
from web.phrases import labelled, with_remark
from web.translated_text import localized

MONTHS = 2  # between two lists
SOURCE, SUBJECT = "request-briefing", "briefing:open"  # of the outbox; the list is no row
NAMES = UUID("4f6a3c1e-2f0e-4c57-9a35-6f8d0f3b7e21")
BRIEFING_DUE = Message("request_briefing_due", gettext_lazy("Briefing list of open requests due"), COORDINATOR_REASON)


class Kept(TextChoices):
    """Whether UNOCT has kept a service time."""

    KEPT = "kept", pgettext_lazy("service time", "Kept")
    MISSED = "missed", pgettext_lazy("service time", "Missed")
    RUNNING = "running", pgettext_lazy("service time", "Running")
    WAIVED = "waived", pgettext_lazy("service time", "Waived")


@dataclass(frozen=True)
class ServiceTime:
    """One service time of UNOCT for a request: what was due by which day, and whether that was kept."""

    due: Due
    kept: Kept

    @classmethod
    def of(cls, due: Due, now: datetime) -> "ServiceTime":
        """Return a deadline as a service time at a moment."""
        if due.done_how == DoneHow.WAIVED:
            return cls(due, Kept.WAIVED)
        late = due.due_at is not None and (due.done_at or now) > due.due_at
        return cls(due, Kept.MISSED if late else Kept.KEPT if due.done_at else Kept.RUNNING)

    @property
    def in_words(self) -> str:
        """What was due, whether that was kept, and by which day."""
        day = in_words(self.due.due_on) if self.due.due_on else ""
        return labelled(self.due.clock.label, with_remark(self.kept.label, day) if day else self.kept.label)


@dataclass(frozen=True)
class BriefingLine:
    """One open request: its age in days since it was submitted, what it waits for, the service times and the offers."""

    row: Any
    age: int
    sentence: str
    services: tuple[ServiceTime, ...]
    offers: int


def lines(actor: Actor) -> list[BriefingLine]:
    """Return all open requests that this actor sees, the oldest first. Raises Forbidden for all but coordinators."""
    if not is_coordinator(actor):
        raise Forbidden
    now = timezone.now()
    seen = queries.request_rows(actor).filter(submitted_at__isnull=False).exclude(status=RequestStatus.CLOSED)
    rows = list(seen.order_by("submitted_at", "pk"))
    services, offers, days = _services(actor, rows, now), _offers(actor, rows), due_days(actor, rows)
    return [
        BriefingLine(
            row,
            age_of(row) or 0,
            str(queries.sentence(actor, row, waiting(row, days.get(row.pk)))),
            tuple(services.get(row.pk, ())),
            offers[row.pk],
        )
        for row in rows
    ]


def _services(actor: Actor, rows: Sequence[AssistanceRequest], now: datetime) -> dict[UUID, list[ServiceTime]]:
    """Return request → the service times of UNOCT for it, in their order. One statement."""
    dues = policy.visible(actor, Due).filter(assistance_request__in=rows, kind__in=OF_UNOCT)
    found: dict[UUID, list[ServiceTime]] = {}
    for due in dues.select_related("owed_by").order_by("starts_at", "pk"):
        if due.assistance_request_id:
            found.setdefault(due.assistance_request_id, []).append(ServiceTime.of(due, now))
    return found


def _offers(actor: Actor, rows: Sequence[AssistanceRequest]) -> Counter[UUID]:
    """Return how many offers were made for each request and stand. One statement."""
    made = policy.visible(actor, Match).filter(need__assistance_requests__in=rows, status__in=queries.COMPARED)
    return Counter(made.order_by().values_list("need__assistance_requests", flat=True))


def totals(found: Iterable[BriefingLine]) -> Counter[Kept]:
    """Return how many service times were kept, missed, waived, and still run."""
    return Counter(service.kept for line in found for service in line.services)


# ── As a table, for the page and the file ────────────────────────────────────
HEADINGS = (
    pgettext_lazy("label", "Request"),
    pgettext_lazy("country", "State"),
    gettext_lazy("Submitted on"),
    gettext_lazy("Age in days"),
    pgettext_lazy("label", "Status"),
    gettext_lazy("Service times of UNOCT"),
    gettext_lazy("Offers so far"),
)


def cells_of(line: BriefingLine) -> list[Cell]:
    """Return the cells of a line in the active language."""
    row = line.row
    title = localized(row, "title")
    status = f"{row.get_status_display()}\n{line.sentence}"
    return [
        type(title)(f"{title.value}\n{row}", title.language),
        row.state.name,
        in_words(row.submitted_at.date()),
        localize(line.age),
        status,
        "\n".join(service.in_words for service in line.services),
        localize(line.offers),
    ]


def file_name(language: str) -> str:
    """Return the name of the file of the list of today."""
    return f"open-requests-{timezone.now().date().isoformat()}-{language}.docx"


def to_docx(found: Sequence[BriefingLine], language: str) -> bytes:
    """Return the list as a DOCX file in a language."""
    with override(language):
        writer = Writer(file_name(language), language, landscape=True, size=Pt(10))
        writer.heading(_("Open requests of States for assistance"))
        kept = totals(found)
        facts = [
            (pgettext("day", "As of"), in_words(timezone.now().date())),
            (_("Open requests"), localize(len(found))),
            *((labelled(_("Service times of UNOCT"), kind.label), localize(kept[kind])) for kind in Kept if kept[kind]),
        ]
        writer.table((), facts, widths=(9, 15))
        writer.paragraph("")
        rows = [cells_of(line) for line in found]
        writer.table([capfirst(str(label)) for label in HEADINGS], rows, widths=(6, 2.5, 2.5, 1.5, 5, 5.5, 2))
        return writer.content()


# ── Every two months ─────────────────────────────────────────────────────────
def last_due(first: date, today: date) -> date | None:
    """Return the last day on which a list was due, counted in steps of two months from `first`; None before the first.

    Each step is counted from `first`: after 31 August come 31 October, 31 December and the last day of February.
    """
    months = (today.year - first.year) * 12 + today.month - first.month
    for steps in range(months // MONTHS, 0, -1):
        day = add_months(first, steps * MONTHS)
        if day <= today:
            return day
    return None


def next_due(first: date, today: date) -> date:
    """Return the next day on which a list is due, after today."""
    last = last_due(first, today)
    if last is None:
        return add_months(first, MONTHS)
    passed = (last.year - first.year) * 12 + last.month - first.month
    return add_months(first, passed + MONTHS)


def first_day() -> date | None:
    """Return the day on which the first request of all was submitted, where UNOCT is; None before."""
    event = Event.objects.filter(name="request_submitted").order_by("at").first()
    return day_of(event.at, Organisation.objects.get(slug=UNOCT)) if event else None


@transaction.atomic
def run(now: datetime) -> int:
    """Tell the coordinators of UNOCT that the list is due, once for each period; return whether it was told now.

    The event id is made from the day, so a second run, or a second scheduler, queues nothing twice. Of several periods
    that were missed only the last is told, and nothing while no request is open.
    """
    first = first_day()
    if first is None:
        return 0
    day = last_due(first, day_of(now, Organisation.objects.get(slug=UNOCT)))
    is_open = AssistanceRequest.objects.filter(submitted_at__isnull=False).exclude(status=RequestStatus.CLOSED)
    if day is None or not is_open.exists():
        return 0
    event = uuid5(NAMES, day.isoformat())
    if Delivery.objects.filter(event=event).exists():
        return 0
    outbox.enqueue(
        event=event, source=SOURCE, subject=SUBJECT, message="request_briefing_due", values={},
        path=reverse("request-briefing"), recipients=recipients(coordinators().with_cover().select_related("user")),
    )  # fmt: skip
    return 1


def may_be_told(user: User, subjects: Iterable[str], actor: Actor | None = None) -> set[str]:
    """Return the subjects of notices about the list if this user coordinates for UNOCT now, else none."""
    return set(subjects) if is_coordinator(actor or actor_of(user)) else set()


outbox.register(SOURCE, may_be_told)
register_messages((BRIEFING_DUE,))
