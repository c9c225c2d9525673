"""Kinds, statuses and transitions of plans and their steps: data only."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table

ANSWER_DAYS = 30  # within which the State agrees to a plan or returns it
EVIDENCE_MAX = 5_000
MOST_STEPS = 500
PROVISION_MAX, WHAT_MAX, DIGITS = 120, 200, 16  # characters, and digits of an amount
MOST_OBLIGATIONS = 30
MOST_COSTS = 30


class PlanKind(TextChoices):
    """What a plan covers: one requirement, or the four pillars. Source: seeds 001 and 003."""

    ROADMAP = "roadmap", pgettext_lazy("kind of plan", "National roadmap")
    NATIONAL_PLAN = "national_plan", pgettext_lazy("kind of plan", "National action plan")


class PlanStatus(TextChoices):
    """The status of a plan."""

    DRAFT = "draft", pgettext_lazy("plan status", "Draft")
    WITH_STATE = "with_state", pgettext_lazy("plan status", "With the State")
    AGREED = "agreed", pgettext_lazy("plan status", "Agreed")


class StepStatus(TextChoices):
    """How far a step is, as the State or a supporting entity says; `verified` is said by somebody else."""

    NOT_STARTED = "not_started", pgettext_lazy("step status", "Not started")
    ONGOING = "ongoing", pgettext_lazy("step status", "Ongoing")
    DELAYED = "delayed", pgettext_lazy("step status", "Delayed")
    ON_STANDBY = "on_standby", pgettext_lazy("step status", "On standby")
    FINISHED = "finished", pgettext_lazy("step status", "Reported as finished")
    VERIFIED = "verified", pgettext_lazy("step status", "Verified")
    DROPPED = "dropped", pgettext_lazy("step status", "No longer planned")


SAID = (StepStatus.ONGOING, StepStatus.DELAYED, StepStatus.ON_STANDBY)  # what a progress report can say
GOES_ON = (StepStatus.NOT_STARTED, *SAID)
CLAIMED = (StepStatus.FINISHED, StepStatus.VERIFIED)

PLAN = table(
    Transition(
        "put-to-state", pgettext_lazy("button", "Submit to the State"),
        _("The State is asked to agree within 30 days, or to return the plan with comments."),
        (PlanStatus.DRAFT,), "drafter", "plan_put", ("has_steps",), tone="primary", is_task=True,
    ),
    Transition(
        "agree", pgettext_lazy("button", "Agree to the plan"),
        _("The text of this version is kept as agreed. The steps can then be reported on."),
        (PlanStatus.WITH_STATE,), "state", "plan_agreed", ("has_steps",), tone="primary", is_task=True, answers=True,
    ),
    Transition(
        "comment", _("Return with comments"), _("Whoever drafts the plan reads your comments and submits it again."),
        (PlanStatus.WITH_STATE,), "state", "plan_commented", is_task=True, answers=True,
    ),
    Transition(
        "revise", _("Start a new version"),
        _("The agreed version remains in effect until the State agrees to the new one."),
        (PlanStatus.AGREED,), "side", "plan_revised", ("is_not_released",),
    ),
    Transition(
        "share", pgettext_lazy("button", "Share with others"),
        _("The recipients you select will be able to read the plan and its steps until the date you set."),
        (PlanStatus.AGREED,), "state", "plan_released", needs_proof=True, own_page=True,
    ),
    Transition(
        "withdraw", pgettext_lazy("button", "Withdraw consent"),
        _("All users except those who take part in the plan lose access to it immediately."),
        (), "state", "consent_withdrawn", ("is_released",), tone="danger", needs_proof=True, own_page=True,
    ),
)  # fmt: skip

STEP = table(
    Transition(
        "report", pgettext_lazy("button", "Report progress"), _("CTED and the supporting entities see what you report."),
        GOES_ON, "reporter", "step_reported", ("is_agreed",), tone="primary",
    ),
    Transition(
        "finish", _("Report as finished"), _("Whoever verifies the step is asked to look at the evidence."),
        GOES_ON, "reporter", "step_finished", ("is_agreed",), is_task=True,
    ),
    Transition(
        "verify", pgettext_lazy("button", "Verify the step"), _("The step counts as done. The State is told."),
        (StepStatus.FINISHED,), "verifier", "step_verified", tone="primary", is_task=True, answers=True,
    ),
    Transition(
        "send-back", _("Send back"), _("The step is ongoing again. The State reads your reason."),
        (StepStatus.FINISHED,), "verifier", "step_sent_back", is_task=True, answers=True,
    ),
    Transition(
        "comment", pgettext_lazy("button", "Comment on the step"),
        _("Whoever drafts the plan reads the comment when you return the plan."),
        (), "state", "step_commented", ("is_with_state",),
    ),
    Transition(
        "drop", pgettext_lazy("button", "Remove from the plan"),
        _("The step stays in the record. One that was agreed remains in effect until the State agrees to the new version."),
        GOES_ON, "drafter", "step_dropped", ("is_in_draft", "stays"),
    ),
    Transition(
        "keep", pgettext_lazy("button", "Keep in the plan"), _("The step is part of the new version again."),
        GOES_ON, "drafter", "step_kept", ("is_in_draft", "leaves"),
    ),
)  # fmt: skip

PLAN_STYLES: Mapping[str, tuple[str, str]] = {
    "draft": ("neutral", "pencil"),
    "with_state": ("info", "hourglass"),
}
STEP_STYLES: Mapping[str, tuple[str, str]] = {
    "not_started": ("neutral", "circle"),
    "delayed": ("warning", "exclamation-triangle"),
    "on_standby": ("neutral", "pause"),
    "finished": ("info", "check"),
    "verified": ("success", "check-circle"),
    "dropped": ("neutral", "x-circle"),
}
