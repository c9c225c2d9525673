"""The stages and kinds of visits, and the transitions of visits and sections: data only."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table


class VisitStage(TextChoices):
    """The stage of a visit, from its dates."""

    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    UNDER_WAY = "under_way", pgettext_lazy("visit", "Under way")
    CONDUCTED = "conducted", pgettext_lazy("visit", "Conducted")


class VisitKind(TextChoices):
    """The kind of a visit."""

    COMPREHENSIVE = "comprehensive", _("Comprehensive")
    FOCUSED = "focused", _("Focused")
    FOLLOW_UP = "follow_up", _("Follow-up")
    ADVOCACY = "advocacy", _("Advocacy")


class VisitMode(TextChoices):
    """How a visit is carried out."""

    ON_SITE = "on_site", _("On site")
    HYBRID = "hybrid", _("Hybrid")
    VIRTUAL = "virtual", _("Virtual")


SECTION = table(
    Transition(
        "share", _("Share"), _("Those you choose will be able to read this section until the date you set."),
        (), "state", "section_released", tone="primary", needs_proof=True, own_page=True,
    ),
    Transition(
        "withdraw", _("Withdraw"), _("Everyone except you and CTED stops seeing this section at once."),
        (), "state", "consent_withdrawn", ("is_released",), tone="danger", needs_proof=True, own_page=True,
    ),
)  # fmt: skip


VISIT = table(
    Transition(
        "ask-consent", _("Ask for consent"), _("The State's focal points will be asked to release the report and its needs."),
        (), "cted", "consent_asked", ("has_something_to_release", "not_planned", "consent_is_not_asked"), tone="primary",
    ),
    Transition(
        "decline-consent", _("Decline to release"), _("CTED is told that nothing of this visit is to be released."),
        (), "state", "consent_declined", ("consent_is_asked",), tone="danger",
    ),
)  # fmt: skip

# Tone and icon of each status; shown with its label, never alone.
VISIT_STYLES: Mapping[str, tuple[str, str]] = {
    "planned": ("info", "calendar"),
    "under_way": ("accent", "truck"),
    "conducted": ("success", "check"),
}
