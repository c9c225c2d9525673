"""The statuses of consent and of release plans, and the transitions of plans: data only."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition


class ConsentState(TextChoices):
    """The state of a State's consent to release, separate from the stage of the visit or the status of the need."""

    NOT_ASKED = "not_asked", _("Consent not asked")
    ASKED = "asked", _("Consent asked")
    FULL = "full", _("Released in full")
    PARTIAL = "partial", _("Released in part")
    DECLINED = "declined", _("Consent declined")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")
    EXPIRED = "expired", _("Release ended")


class Decision(TextChoices):
    """What a consent decides about the rows it names."""

    GRANTED = "granted", _("Released")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A colleague confirms the texts as read at that time; after this period the plan has to be proposed again.
PROPOSAL_STANDS = timedelta(days=14)


class ReleasePlanStatus(TextChoices):
    """The status of a plan: drafted, perhaps proposed to a colleague, then published or abandoned."""

    DRAFT = "draft", pgettext_lazy("release", "Plan")
    PROPOSED = "proposed", pgettext_lazy("release", "Awaits a colleague")
    PUBLISHED = "published", pgettext_lazy("release", "Published")
    GIVEN_UP = "withdrawn", pgettext_lazy("release", "Given up")


RELEASE_PLAN = {
    row.name: row
    for row in (
        Transition(
            "publish", _("Publish"), _("Those you chose can read it from then on, or once a colleague has confirmed it."),
            (ReleasePlanStatus.DRAFT,), "state", "release_published", ("has_lines",), tone="primary", needs_proof=True,
        ),
        Transition(
            "confirm", _("Confirm and publish"), _("You are the second person: it comes into force at once."),
            (ReleasePlanStatus.PROPOSED,), "colleague", "release_confirmed", ("proposal_stands",),
            tone="primary", needs_proof=True,
        ),
        Transition(
            "send-back", _("Return"), _("It becomes a plan again; whoever proposed it reads your reason."),
            (ReleasePlanStatus.PROPOSED,), "state", "release_returned",
        ),
        Transition(
            "give-up", _("Give up this plan"), _("Nothing of it is released; what has been released before stays."),
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
