"""The statuses of projects, and the roles of organisations in them: data only."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ProjectStatus(TextChoices):
    """The status of a project. Seed 001 names four (requested, planned, ongoing, completed); practice adds two."""

    REQUESTED = "requested", pgettext_lazy("project status", "Requested")
    PLANNED = "planned", pgettext_lazy("project status", "Planned")
    ONGOING = "ongoing", pgettext_lazy("project status", "Ongoing")
    COMPLETED = "completed", pgettext_lazy("project status", "Completed")
    SUSPENDED = "suspended", pgettext_lazy("project status", "Suspended")
    CANCELLED = "cancelled", pgettext_lazy("project status", "Cancelled")


# Projects that can carry a match, and those that no longer can; a suspended one may go on.
UNDER_WAY = (ProjectStatus.PLANNED, ProjectStatus.ONGOING)
OVER = (ProjectStatus.COMPLETED, ProjectStatus.CANCELLED)


class PartyRole(TextChoices):
    """The role of an organisation in a project: the codes of IATI's OrganisationRole list, as words."""

    FUNDING = "funding", pgettext_lazy("project role", "Funding")
    ACCOUNTABLE = "accountable", pgettext_lazy("project role", "Accountable")
    EXTENDING = "extending", pgettext_lazy("project role", "Extending")
    IMPLEMENTING = "implementing", pgettext_lazy("project role", "Implementing")


# Tone and icon of each status; shown with its label, never alone.
PROJECT_STYLES: Mapping[str, tuple[str, str]] = {
    "requested": ("info", "send"),
    "planned": ("info", "calendar"),
    "ongoing": ("accent", "truck"),
    "completed": ("success", "check-circle"),
    "suspended": ("warning", "pause"),
    "cancelled": ("neutral", "x-circle"),
}
