"""The statuses of projects, and the roles of organisations in them: data only."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProjectStatus(TextChoices):
    """The status of a project. Seed 001 names four (requested, planned, ongoing, completed); practice adds two."""

    REQUESTED = "requested", _("Requested")
    PLANNED = "planned", _("Planned")
    ONGOING = "ongoing", _("Ongoing")
    COMPLETED = "completed", _("Completed")
    SUSPENDED = "suspended", _("Suspended")
    CANCELLED = "cancelled", _("Cancelled")


class PartyRole(TextChoices):
    """The role of an organisation in a project: the codes of IATI's OrganisationRole list, as words."""

    FUNDING = "funding", _("Funding")
    ACCOUNTABLE = "accountable", _("Accountable")
    EXTENDING = "extending", _("Extending")
    IMPLEMENTING = "implementing", _("Implementing")


# Tone and icon of each status; shown with its label, never alone.
PROJECT_STYLES: Mapping[str, tuple[str, str]] = {
    "requested": ("info", "send"),
    "planned": ("info", "calendar"),
    "ongoing": ("accent", "truck"),
    "completed": ("success", "check-circle"),
    "suspended": ("warning", "pause"),
    "cancelled": ("neutral", "x-circle"),
}
