"""Pending work on projects: to confirm that they are still right, to report results, and to accept reports."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from assistance.projects.deadlines import PROJECT_CONFIRM
from assistance.projects.models import Period, Project
from assistance.projects.states import PROJECT, PeriodStatus, ProjectStatus
from assistance.workflow.dues import days_due
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor
from web.conditions import among


def pending_projects(actor: Actor) -> list[Task]:
    """Return what this actor is asked for: confirmations, the longest unconfirmed first, results, and answers to reports."""
    return [*_to_confirm(actor), *_to_report(actor), *_to_accept(actor)]


def _to_confirm(actor: Actor) -> list[Task]:
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []

    def unconfirmed(projects: QuerySet[Project], mine: list[UUID]) -> QuerySet[Project]:
        asked = projects.filter(dues__kind=PROJECT_CONFIRM, dues__done_at=None, dues__rung__gt=0)
        return asked.filter(among("lead", mine, "uuid")).order_by("confirmed_at")

    found = named_rows(actor, Project, "unconfirmed", unconfirmed, [mine], MOST)
    days, text = days_due(actor, found, PROJECT_CONFIRM), pgettext_lazy("task", "Project to be confirmed")
    return [Task.of(row, text, PROJECT["confirm"], since=row.confirmed_at, due=days.get(row.pk)) for row in found]


def _to_report(actor: Actor) -> list[Task]:
    """Return the projects on which an organisation of this actor has to report a period that has ended or was sent back."""
    mine = list(actor.acting_for)
    if not mine:
        return []

    def open_to(projects: QuerySet[Project], mine: list[UUID], today: date) -> QuerySet[Project]:
        own = Period.objects.filter(among("organisation", mine, "uuid"), indicator__project=OuterRef("pk"))
        ended = own.filter(Q(status=PeriodStatus.SENT_BACK) | Q(status=PeriodStatus.DRAFT, ends_on__lt=today))
        return projects.filter(Exists(ended), origin="").exclude(status=ProjectStatus.CANCELLED).order_by("modified_at")

    found = named_rows(actor, Project, "to report", open_to, [mine, timezone.now().date()], MOST)
    text = pgettext_lazy("task", "Results to be reported")
    return [Task.of(row, text, PROJECT["report-period"], since=row.modified_at) for row in found]


def _to_accept(actor: Actor) -> list[Task]:
    """Return the projects of which a report waits for an answer of their lead."""
    mine = [organisation.pk for organisation in actor.providers()]
    if not mine:
        return []

    def reported(projects: QuerySet[Project], mine: list[UUID]) -> QuerySet[Project]:
        waiting = Period.objects.filter(indicator__project=OuterRef("pk"), status=PeriodStatus.SUBMITTED)
        return projects.filter(among("lead", mine, "uuid"), Exists(waiting)).order_by("modified_at")

    found = named_rows(actor, Project, "reported", reported, [mine], MOST)
    text = pgettext_lazy("task", "Report to be accepted")
    return [Task.of(row, text, PROJECT["accept-period"], since=row.modified_at) for row in found]
