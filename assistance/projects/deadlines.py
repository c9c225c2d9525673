"""The clocks of projects: every half year the lead confirms a project that goes on, and periods are reported when they end."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assistance.projects.models import Period, Project
from assistance.projects.results import periods_of
from assistance.projects.states import ASKED_BEFORE, CONFIRMED_FOR, GOES_ON, TO_REPORT, ProjectStatus
from assistance.workflow.clocks import Clock, Rung
from entities.actors import UNOCT

PROJECT_CONFIRM, PROJECT_PERIOD = "project_confirm", "project_period"


def _lead(project: Project) -> UUID | None:
    """Return the lead of a project that goes on and is kept here; of another project nobody owes anything."""
    return project.lead_id if project.status in GOES_ON and not project.is_imported else None


def next_period(project: Project) -> Period | None:
    """Return the period of a project that is to be reported first; None for one that was cancelled or imported."""
    is_over = project.is_imported or project.status == ProjectStatus.CANCELLED
    return None if is_over else periods_of(project).filter(status__in=TO_REPORT).first()


def _reporter(project: Project) -> UUID | None:
    found = next_period(project)
    return found.organisation_id if found else None


def _creditor(project: Project) -> UUID | str | None:
    """Return the lead; where the lead reports itself, UNOCT."""
    return UNOCT if project.lead_id == _reporter(project) else project.lead_id


def _day(project: Project) -> date | None:
    found = next_period(project)
    return found.ends_on if found else None


def _has_period() -> Q:
    open_ones = Period.objects.filter(indicator__project=OuterRef("pk"), status__in=TO_REPORT)
    return Q(Exists(open_ones), origin="") & ~Q(status=ProjectStatus.CANCELLED)


# Recording and editing a project count as confirmations. It stays open and overdue until one: a mark says since when the
# project is not confirmed, by the same day for every reader, and so also where the lead is absent.
PROJECT_CLOCKS = (
    Clock(
        kind=PROJECT_CONFIRM,
        label=_("Confirmation of a project"),
        owed_by=_lead,
        owed_to=lambda project: UNOCT,
        starts=("project_recorded", "project_edited", "project_confirmed"),
        days=CONFIRMED_FOR.days,
        rungs=(Rung(-ASKED_BEFORE.days, "project_confirm_asked"), Rung(0)),
        skips_absence=False,
        may_be_waived=False,  # nobody would be asked again
        since=lambda project: project.confirmed_at,
        running=Q(status__in=GOES_ON, origin="", lead__isnull=False, confirmed_at__isnull=False),
    ),
    # Of the periods of a project that are to be reported, the first is owed; its report leaves the next one.
    Clock(
        kind=PROJECT_PERIOD,
        label=_("Report on a period of a project"),
        owed_by=_reporter,
        owed_to=_creditor,
        starts=("project_recorded", "project_edited", "period_reported", "period_accepted", "period_sent_back"),
        own_date=_day,
        rungs=(Rung(-30), Rung(-7), Rung(0), Rung(14)),
        skips_absence=False,  # the day is stated in the project
        running=_has_period,
    ),
)
