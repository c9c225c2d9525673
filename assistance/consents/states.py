"""The statuses of consent and of release plans, and the transitions of plans: data only."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition


class ConsentState(TextChoices):
    """The state of a State's consent to release, separate from the stage of the visit or the status of the need."""

    NOT_ASKED = "not_asked", pgettext_lazy("consent status", "Consent not yet requested")
    ASKED = "asked", pgettext_lazy("consent status", "Consent requested")
    FULL = "full", pgettext_lazy("consent status", "Released in full")
    PARTIAL = "partial", pgettext_lazy("consent status", "Released in part")
    DECLINED = "declined", pgettext_lazy("consent status", "Consent declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent status", "Consent withdrawn")
    EXPIRED = "expired", pgettext_lazy("consent status", "Consent expired")


class Decision(TextChoices):
    """What a consent decides about the rows it names."""

    GRANTED = "granted", pgettext_lazy("consent decision", "Released")
    DECLINED = "declined", pgettext_lazy("consent decision", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent decision", "Withdrawn")


# A colleague confirms the texts as read at that time; after this period the plan has to be proposed again.
PROPOSAL_STANDS = timedelta(days=14)


class ReleasePlanStatus(TextChoices):
    """The status of a plan: drafted, perhaps proposed to a colleague, then published or abandoned."""

    DRAFT = "draft", pgettext_lazy("release plan status", "Draft")
    PROPOSED = "proposed", pgettext_lazy("release plan status", "Awaiting confirmation by a colleague")
    PUBLISHED = "published", pgettext_lazy("release plan status", "Released")
    GIVEN_UP = "withdrawn", pgettext_lazy("release plan status", "Discarded")


RELEASE_PLAN = {
    row.name: row
    for row in (
        Transition(
            "publish", pgettext_lazy("button", "Release as planned"),
            _("The recipients you selected can read it immediately, or once a colleague has confirmed the "
"release."),
            (ReleasePlanStatus.DRAFT,), "state", "release_published", ("has_lines",), tone="primary", needs_proof=True,
        ),
        Transition(
            "confirm", pgettext_lazy("button", "Confirm and release"),
            _("You are the second person. The release takes effect immediately."),
            (ReleasePlanStatus.PROPOSED,), "colleague", "release_confirmed", ("proposal_stands",),
            tone="primary", needs_proof=True, is_task=True, answers=True,
        ),
        Transition(
            "send-back", pgettext_lazy("button", "Return plan"), _("The plan returns to draft. Its author will see your reason."),
            (ReleasePlanStatus.PROPOSED,), "state", "release_returned",
        ),
        Transition(
            "give-up", pgettext_lazy("button", "Discard plan"),
            _("No part of this plan is released. Earlier releases stay in force."),
            (ReleasePlanStatus.DRAFT,), "state", "release_discarded", tone="danger",
        ),
    )
}  # fmt: skip

# Tone and icon of each status; shown with its label, never alone.
CONSENT_STYLES: Mapping[str, tuple[str, str]] = {
    "not_asked": ("neutral", "clock"),
    "asked": ("warning", "hourglass"),
    "full": ("success", "share"),
    "partial": ("accent", "share"),
    "declined": ("danger", "x-circle"),
    "withdrawn": ("neutral", "arrow-back"),
    "expired": ("neutral", "calendar-x"),
    "granted": ("success", "share"),
}

# Tone and icon of each status; shown with its label, never alone.
RELEASE_PLAN_STYLES: Mapping[str, tuple[str, str]] = {
    "draft": ("neutral", "pencil"),
    "proposed": ("warning", "hourglass"),
    "published": ("success", "check"),
    "withdrawn": ("neutral", "arrow-back"),
}
