"""The stages and kinds of visits, and the transitions of visits and sections: data only."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table


class VisitStage(TextChoices):
    """The stage of a visit, from its dates."""

    PLANNED = "planned", pgettext_lazy("visit status", "Planned")
    UNDER_WAY = "under_way", pgettext_lazy("visit status", "Under way")
    CONDUCTED = "conducted", pgettext_lazy("visit status", "Conducted")


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
        "ask-consent", pgettext_lazy("button", "Request consent"),
        _("The State’s focal points will be asked to release the report and its needs."),
        (), "cted", "consent_asked", ("has_something_to_release", "not_planned", "consent_is_not_asked"), tone="primary",
    ),
    Transition(
        "decline-consent", pgettext_lazy("button", "Decline release"),
        _("CTED will be notified that no content from this visit is to be released."),
        (), "state", "consent_declined", ("consent_is_asked",), tone="danger", is_task=True, answers=True,
    ),
)  # fmt: skip

# Tone and icon of each status; shown with its label, never alone.
VISIT_STYLES: Mapping[str, tuple[str, str]] = {
    "planned": ("info", "calendar"),
    "under_way": ("accent", "truck"),
    "conducted": ("success", "check"),
}
