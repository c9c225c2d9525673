"""The clock of projects: every half year the lead confirms what is shown of a project that goes on."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assistance.projects.models import Project
from assistance.projects.states import ASKED_BEFORE, CONFIRMED_FOR, GOES_ON
from assistance.workflow.clocks import Clock, Rung
from entities.actors import UNOCT

PROJECT_CONFIRM = "project_confirm"


def _lead(project: Project) -> UUID | None:
    """Return the lead of a project that goes on and is kept here; of another project nobody owes anything."""
    return project.lead_id if project.status in GOES_ON and not project.is_imported else None


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
)
