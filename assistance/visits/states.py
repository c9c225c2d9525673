"""The stages and kinds of visits, the rule that computes a stage, and the transitions: data only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table


class VisitStage(TextChoices):
    """The stage of a visit. Computed from its dates by `visit_stage`, never typed."""

    PLANNED = "planned", pgettext_lazy("visit status", "Planned")
    HOST_CONSENT = "host_consent", pgettext_lazy("visit status", "Agreed by the State")
    UNDER_WAY = "under_way", pgettext_lazy("visit status", "Under way")
    CONDUCTED = "conducted", pgettext_lazy("visit status", "Conducted")
    DRAFT_WITH_STATE = "draft_with_state", pgettext_lazy("visit status", "Draft report with the State")
    OBSERVATIONS_IN = "observations_in", pgettext_lazy("visit status", "Observations received")
    NO_OBSERVATIONS = "no_observations", pgettext_lazy("visit status", "No observations received")
    ADOPTED = "adopted", pgettext_lazy("visit status", "Report adopted")
    FINAL_SENT = "final_sent", pgettext_lazy("visit status", "Final report with the State")
    REPLY_DUE = "reply_due", pgettext_lazy("visit status", "Reply overdue")
    REPLY_IN = "reply_in", pgettext_lazy("visit status", "Reply received")
    FOLLOWED_UP = "followed_up", pgettext_lazy("visit status", "Followed up")
    CANCELLED = "cancelled", pgettext_lazy("visit status", "Cancelled")


# Stages that everybody who knows of the visit sees; of what follows only CTED and the State are told.
SEEN_BY_ALL = (
    VisitStage.PLANNED, VisitStage.HOST_CONSENT, VisitStage.UNDER_WAY, VisitStage.CONDUCTED, VisitStage.CANCELLED,
)  # fmt: skip

# The main path of a visit, as the stepper on its page shows it, without exits.
VISIT_ROAD = (
    VisitStage.PLANNED,
    VisitStage.HOST_CONSENT,
    VisitStage.CONDUCTED,
    VisitStage.DRAFT_WITH_STATE,
    VisitStage.OBSERVATIONS_IN,
    VisitStage.ADOPTED,
    VisitStage.FINAL_SENT,
    VisitStage.REPLY_IN,
    VisitStage.FOLLOWED_UP,
)


@dataclass(frozen=True, kw_only=True)
class VisitFacts:
    """The facts that determine the stage of a visit on a day, `today`."""

    today: date
    starts_on: date
    ends_on: date
    cancelled: bool = False
    agreed: bool = False  # by the State that is visited
    draft_sent: bool = False
    observed: bool = False  # whether the State has sent observations
    period_ended: bool = False  # whether the time for observations ended without any
    adopted: bool = False
    final_sent: bool = False
    reply_by: date | None = None
    replied: bool = False
    followed_up_on: date | None = None  # the first day of the visit that follows it up


def visit_stage(facts: VisitFacts) -> VisitStage:
    """Return the furthest stage that the facts have reached."""
    if facts.cancelled:
        return VisitStage.CANCELLED
    reached = (
        (facts.followed_up_on is not None and facts.followed_up_on <= facts.today, VisitStage.FOLLOWED_UP),
        (facts.replied, VisitStage.REPLY_IN),
        (facts.final_sent and facts.reply_by is not None and facts.reply_by < facts.today, VisitStage.REPLY_DUE),
        (facts.final_sent, VisitStage.FINAL_SENT),
        (facts.adopted, VisitStage.ADOPTED),
        (facts.observed, VisitStage.OBSERVATIONS_IN),
        (facts.period_ended, VisitStage.NO_OBSERVATIONS),
        (facts.draft_sent, VisitStage.DRAFT_WITH_STATE),
        (facts.ends_on < facts.today, VisitStage.CONDUCTED),
        (facts.starts_on <= facts.today, VisitStage.UNDER_WAY),
        (facts.agreed, VisitStage.HOST_CONSENT),
    )
    return next((stage for is_reached, stage in reached if is_reached), VisitStage.PLANNED)


def stage_by_dates(facts: VisitFacts) -> VisitStage:
    """Return the stage that those are told who are neither of CTED nor of the State: by the dates of the visit."""
    return visit_stage(
        VisitFacts(
            today=facts.today, starts_on=facts.starts_on, ends_on=facts.ends_on, cancelled=facts.cancelled,
            agreed=facts.agreed,
        )
    )  # fmt: skip


class VisitKind(TextChoices):
    """The kind of a visit."""

    COMPREHENSIVE = "comprehensive", pgettext_lazy("visit type", "Comprehensive")
    FOCUSED = "focused", pgettext_lazy("visit type", "Focused")
    FOLLOW_UP = "follow_up", pgettext_lazy("visit type", "Follow-up")
    ADVOCACY = "advocacy", pgettext_lazy("visit type", "Advocacy")


class VisitMode(TextChoices):
    """How a visit is carried out."""

    ON_SITE = "on_site", _("On site")
    HYBRID = "hybrid", pgettext_lazy("visit mode", "Hybrid")
    VIRTUAL = "virtual", pgettext_lazy("visit mode", "Virtual")


SECTION = table(
    Transition(
        "share", pgettext_lazy("button", "Share with others"),
        _("The recipients you select will be able to read this section until the date you set."),
        (), "state", "section_released", tone="primary", needs_proof=True, own_page=True,
    ),
    Transition(
        "withdraw", pgettext_lazy("button", "Withdraw consent"),
        _("All users except you and CTED lose access to this section immediately."),
        (), "state", "consent_withdrawn", ("is_released",), tone="danger", needs_proof=True, own_page=True,
    ),
)  # fmt: skip


VISIT = table(
    Transition(
        "record-host-consent", pgettext_lazy("button", "Record agreement to the visit"),
        _("The State and the delegation will be notified that the State has agreed to the visit."),
        (), "cted", "visit_agreed", ("is_not_cancelled", "has_not_begun", "is_not_agreed"), is_task=True,
    ),
    Transition(
        "send-draft", pgettext_lazy("button", "Send draft report"),
        _("The State’s focal points will be asked for their observations on facts within 30 days."),
        (), "cted", "draft_sent", ("is_not_cancelled", "is_conducted", "has_sections", "draft_is_not_sent"),
        tone="primary", is_task=True,
    ),
    Transition(
        "observe", pgettext_lazy("button", "Send observations"),
        _("CTED will be asked to consider your observations. Nobody else reads them unless you release them."),
        (), "state", "observations_received", ("observations_are_open",), tone="primary", is_task=True, answers=True,
    ),
    Transition(
        "adopt", pgettext_lazy("button", "Record adoption of report"),
        _("The State will be notified that the Committee has adopted the report with its recommendations."),
        (), "cted", "report_adopted", ("is_not_cancelled", "observations_are_settled", "is_not_adopted", "is_numbered"),
        tone="primary", is_task=True,
    ),
    Transition(
        "send-final", pgettext_lazy("button", "Send final report"),
        _("The State will be asked to reply to the recommendations within 6 months. Needs linked to them are sent to it."),
        (), "cted", "final_sent", ("is_not_cancelled", "is_adopted", "final_is_not_sent"), tone="primary", is_task=True,
    ),
    Transition(
        "reply", pgettext_lazy("button", "Send reply"),
        _("CTED will be asked to consider your reply. Nobody else reads it unless you release it."),
        (), "state", "reply_received", ("is_not_cancelled", "final_is_sent", "has_something_to_reply", "is_answered"),
        tone="primary", is_task=True, answers=True,
    ),
    Transition(
        "ask-consent", pgettext_lazy("button", "Request consent"),
        _("The State’s focal points will be asked to release the report and its needs."),
        (), "cted", "consent_asked",
        ("is_not_cancelled", "has_something_to_release", "not_planned", "consent_is_not_asked"), tone="primary",
    ),
    Transition(
        "decline-consent", pgettext_lazy("button", "Decline release"),
        _("CTED will be notified that no content from this visit is to be released."),
        (), "state", "consent_declined", ("consent_is_asked",), tone="danger", is_task=True, answers=True,
    ),
    Transition(
        "record-letter", pgettext_lazy("button", "Record a letter as sent"),
        _("The State and CTED see in the history which letter was sent, and when."),
        (), "cted", "visit_letter_sent", ("is_not_cancelled", "has_letter"),
    ),
    Transition(
        "cancel", pgettext_lazy("button", "Cancel visit"),
        _("The State and the delegation will be notified, and see your reason. What was owed about the visit ends."),
        (), "cted", "visit_cancelled", ("is_not_cancelled", "is_not_adopted"), tone="danger",
    ),
)  # fmt: skip

# Tone and icon of each status; shown with its label, never alone.
VISIT_STYLES: Mapping[str, tuple[str, str]] = {
    "planned": ("info", "calendar"),
    "host_consent": ("info", "check"),
    "under_way": ("accent", "truck"),
    "conducted": ("success", "check"),
    "draft_with_state": ("warning", "hourglass"),
    "observations_in": ("info", "send"),
    "no_observations": ("neutral", "clock"),
    "adopted": ("success", "check"),
    "final_sent": ("warning", "hourglass"),
    "reply_due": ("danger", "exclamation-triangle"),
    "reply_in": ("success", "check-circle"),
    "followed_up": ("success", "check-circle"),
    "cancelled": ("neutral", "x-circle"),
}
