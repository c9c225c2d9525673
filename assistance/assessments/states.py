"""The types, statuses and transitions of assessments, and the frameworks of their findings: data only."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table

ASKED_AFTER = 14  # days after its last day: then the entity is asked whether an assessment has finished
ASKED_AGAIN = 30  # days after that
MOST_FINDINGS = 100


class AssessmentKind(TextChoices):
    """The type of an assessment."""

    NEEDS_ASSESSMENT = "needs_assessment", _("Needs assessment")
    LEGAL_REVIEW = "legal_review", _("Legal review")
    AUDIT = "audit", pgettext_lazy("assessment type", "Audit")
    MUTUAL_EVALUATION = "mutual_evaluation", _("Mutual evaluation")
    GAP_ANALYSIS = "gap_analysis", _("Gap analysis")
    OTHER = "other", pgettext_lazy("assessment type", "Other")


class AssessmentStatus(TextChoices):
    """The status of an assessment. The entity sets it: an assessment can begin late or end early."""

    PLANNED = "planned", pgettext_lazy("assessment status", "Planned")
    UNDER_WAY = "under_way", pgettext_lazy("assessment status", "Under way")
    DONE = "done", pgettext_lazy("assessment status", "Finished")
    CANCELLED = "cancelled", pgettext_lazy("assessment status", "Cancelled")


class Framework(TextChoices):
    """What a finding is about."""

    LEGISLATIVE = "legislative", pgettext_lazy("framework", "Legislative")
    INSTITUTIONAL = "institutional", pgettext_lazy("framework", "Institutional")
    OPERATIONAL = "operational", pgettext_lazy("framework", "Operational")
    RESPONSE_CAPACITY = "response_capacity", _("Capacity to respond")


# An assessment with one of these has not ended.
RUNNING = (AssessmentStatus.PLANNED, AssessmentStatus.UNDER_WAY)
WITH_FINDINGS = (AssessmentStatus.UNDER_WAY, AssessmentStatus.DONE)
NOT_CANCELLED = (*RUNNING, AssessmentStatus.DONE)

ASSESSMENT = table(
    Transition(
        "start", pgettext_lazy("button", "Start assessment"), _("The State is told that the assessment is under way."),
        (AssessmentStatus.PLANNED,), "entity", "assessment_started", ("has_begun",), tone="primary", is_task=True,
    ),
    Transition(
        "finish", pgettext_lazy("button", "Finish assessment"), _("The State is told that the assessment has finished."),
        (AssessmentStatus.UNDER_WAY,), "entity", "assessment_finished", ("has_ended",), tone="primary", is_task=True,
    ),
    Transition(
        "share", pgettext_lazy("button", "Share with others"),
        _("The recipients you select will be able to read this assessment until the date you set."),
        NOT_CANCELLED, "state", "assessment_released", ("is_not_public",), tone="primary", needs_proof=True,
        own_page=True,
    ),
    Transition(
        "withdraw", pgettext_lazy("button", "Withdraw consent"),
        _("All users except you and the entity lose access to this assessment immediately."),
        (), "state", "consent_withdrawn", ("is_released",), tone="danger", needs_proof=True, own_page=True,
    ),
    Transition(
        "propose-need", _("Record a need"),
        _("A need is drafted from a finding. CTED sends it to the State, which decides on it."),
        WITH_FINDINGS, "cted", "assessment_need_proposed", ("has_open_gap",),
    ),
    Transition(
        "cancel", pgettext_lazy("button", "Cancel assessment"),
        _("The assessment ends without a result. Only your organization and the State still see it."),
        RUNNING, "entity", "assessment_cancelled", tone="danger",
    ),
)  # fmt: skip

# Tone and icon of each status; shown with its label, never alone.
ASSESSMENT_STYLES: Mapping[str, tuple[str, str]] = {
    "planned": ("info", "calendar"),
    "under_way": ("accent", "truck"),
    "done": ("success", "check"),
    "cancelled": ("neutral", "x-circle"),
}
