"""The statuses of projects and their transition, and the roles of organisations in them: data only."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table

# The lead of a project that goes on says every half year that it is still right.
CONFIRMED_FOR = timedelta(days=180)
ASKED_BEFORE = timedelta(days=14)


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
# What is in one of these goes on, and has to be confirmed.
GOES_ON = (ProjectStatus.REQUESTED, ProjectStatus.PLANNED, ProjectStatus.ONGOING, ProjectStatus.SUSPENDED)


class ProjectMode(TextChoices):
    """How organisations work together in a project."""

    GROUP_PROJECT = "group_project", pgettext_lazy("project mode", "Project of a working group")
    JOINT = "joint", pgettext_lazy("project mode", "Joint project of several entities")
    EXPERTISE = "expertise", pgettext_lazy("project mode", "Expertise given to another entity")


class PartyRole(TextChoices):
    """The role of an organisation in a project: the codes of IATI's OrganisationRole list as words, and who designs it."""

    DESIGNING = "designing", pgettext_lazy("project role", "Designing")
    FUNDING = "funding", pgettext_lazy("project role", "Funding")
    ACCOUNTABLE = "accountable", pgettext_lazy("project role", "Accountable")
    EXTENDING = "extending", pgettext_lazy("project role", "Extending")
    IMPLEMENTING = "implementing", pgettext_lazy("project role", "Implementing")


class Phase(TextChoices):
    """A phase of a project, in which organisations take part by their roles."""

    DESIGN = "design", _("Design of the project")
    FUNDING = "funding", _("Funding of the project")
    IMPLEMENTATION = "implementation", _("Implementation of the project")


# By which roles an organisation takes part in a phase. Who answers for a project (accountable) is in none of them.
ROLES_IN: Mapping[Phase, tuple[PartyRole, ...]] = {
    Phase.DESIGN: (PartyRole.DESIGNING,),
    Phase.FUNDING: (PartyRole.FUNDING,),
    Phase.IMPLEMENTATION: (PartyRole.IMPLEMENTING, PartyRole.EXTENDING),
}

# The percentages of the States of a project add up to 100, or differ from it by no more than what rounding leaves.
WHOLE, ROUNDING = Decimal(100), Decimal("0.01")


class PeriodStatus(TextChoices):
    """How far the value of an indicator for a period has come: from what is planned to what is accepted."""

    DRAFT = "draft", pgettext_lazy("period status", "Not yet reported")
    SUBMITTED = "submitted", pgettext_lazy("period status", "Reported, to be accepted")
    SENT_BACK = "sent_back", pgettext_lazy("period status", "Sent back to be corrected")
    ACCEPTED = "accepted", pgettext_lazy("period status", "Report accepted")


TO_REPORT = (PeriodStatus.DRAFT, PeriodStatus.SENT_BACK)
REPORTED = (PeriodStatus.SUBMITTED, PeriodStatus.ACCEPTED)
# Tone and icon of each; shown with its label, never alone.
PERIOD_STYLES: Mapping[str, tuple[str, str]] = {
    "draft": ("neutral", "pencil"),
    "submitted": ("info", "send"),
    "sent_back": ("warning", "exclamation-triangle"),
    "accepted": ("success", "check-circle"),
}

COMMENTED = "project_commented"  # the event of a comment, which not all see who see the project
VALUE_MAX = 300  # characters of a value of an indicator
MOST_INDICATORS, MOST_PERIODS, MOST_SESSIONS = 50, 300, 300  # of one project

PROJECT = table(
    Transition(
        "confirm", pgettext_lazy("button", "Confirm project"),
        _("You say that the project is still right as it is shown here. You are asked again in 6 months."),
        GOES_ON, "lead", "project_confirmed", is_task=True,
    ),
    Transition(
        "report-period", pgettext_lazy("button", "Report results"),
        _("All who see the project read the value and your comment. The lead or a donor accepts the report or sends it back."),
        (), "reporter", "period_reported", ("has_open_period",), is_task=True,
    ),
    Transition(
        "accept-period", pgettext_lazy("button", "Accept report"),
        _("The value counts as the result of the period. It can no longer be changed."),
        (), "accepter", "period_accepted", ("has_reported_period",), tone="primary", is_task=True, answers=True,
    ),
    Transition(
        "send-back-period", pgettext_lazy("button", "Send back report"),
        _("Whoever reported the value is asked to correct it, and reads your reason."),
        (), "accepter", "period_sent_back", ("has_reported_period",), is_task=True, answers=True,
    ),
    Transition(
        "same-as", pgettext_lazy("button", "Link same activity"),
        _("The two records are counted once. You can link a project that was imported, too, and remove the link again."),
        (), "publisher", "project_linked",
    ),
    Transition(
        "link-target", pgettext_lazy("button", "Link target of a consultation"),
        _("Only those who can read the round see its target beside the indicator."),
        (), "lead", "indicator_linked", ("has_indicators",),
    ),
)  # fmt: skip

# Tone and icon of each status; shown with its label, never alone.
PROJECT_STYLES: Mapping[str, tuple[str, str]] = {
    "requested": ("info", "send"),
    "planned": ("info", "calendar"),
    "ongoing": ("accent", "truck"),
    "completed": ("success", "check-circle"),
    "suspended": ("warning", "pause"),
    "cancelled": ("neutral", "x-circle"),
}
