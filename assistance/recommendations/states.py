"""What the State says of a recommendation, how CTED rates it, and the transitions: data only."""

from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table


class Said(TextChoices):
    """What the State says of a recommendation. Source: the form of the reply to the Committee."""

    IMPLEMENTED = "implemented", pgettext_lazy("reply", "Implemented")
    UNDER_WAY = "under_way", pgettext_lazy("reply", "Under way")
    PLANNED = "planned", pgettext_lazy("reply", "Planned")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("reply", "Not accepted")
    NO_ANSWER = "no_answer", pgettext_lazy("reply", "No answer")


class Rated(TextChoices):
    """How far CTED finds a recommendation implemented."""

    IMPLEMENTED = "implemented", pgettext_lazy("rating", "Implemented")
    LARGELY = "largely", pgettext_lazy("rating", "Largely implemented")
    PARTLY = "partly", pgettext_lazy("rating", "Partly implemented")
    NOT = "not", pgettext_lazy("rating", "Not implemented")
    NO_LONGER_RELEVANT = "no_longer_relevant", pgettext_lazy("rating", "No longer relevant")


class ResponseStatus(TextChoices):
    """Whether a row of a reply has been sent to CTED."""

    DRAFT = "draft", pgettext_lazy("reply status", "Draft")
    SENT = "sent", pgettext_lazy("reply status", "Sent")


ENDS = (Rated.IMPLEMENTED, Rated.NO_LONGER_RELEVANT)  # nothing remains to be done, so later visits do not review it
REOPENS = (Rated.PARTLY, Rated.NOT)  # needs that seemed to be met are proposed for reopening
CLOSES = (Rated.IMPLEMENTED,)  # needs still open are proposed for closing


def _released(event: str, shown: Any, lost: Any, sources: tuple[str, ...] = ()) -> tuple[Transition, Transition]:
    """Return the two transitions of rows that their State releases."""
    return (
        Transition(
            "share", pgettext_lazy("button", "Share with others"), shown, sources, "state", event, tone="primary",
            needs_proof=True, own_page=True,
        ),
        Transition(
            "withdraw", pgettext_lazy("button", "Withdraw consent"), lost, sources, "state", "consent_withdrawn",
            ("is_released",), tone="danger", needs_proof=True, own_page=True,
        ),
    )  # fmt: skip


RECOMMENDATION = table(
    Transition(
        "rate", pgettext_lazy("button", "Rate recommendation"),
        _("The State sees your rating beside its own reply. Nobody else does unless the State releases it."),
        (), "cted", "recommendation_rated", ("is_adopted",), is_task=True,
    ),
    *_released(
        "recommendation_released",
        _("The recipients you select will be able to read this recommendation until the date you set."),
        _("All users except you and CTED lose access to this recommendation immediately."),
    ),
    Transition(
        "leave-needs", pgettext_lazy("button", "Leave needs as they are"),
        _("What the rating proposes for the needs is not done. Your reason is stored."),
        (), "cted", "recommendation_needs_left", ("has_proposals",), tone="danger", is_task=True,
    ),
)  # fmt: skip

OBSERVATION = table(
    *_released(
        "observation_released",
        _("The recipients you select will be able to read these observations until the date you set."),
        _("All users except you and CTED lose access to these observations immediately."),
    )
)

RESPONSE = table(
    *_released(
        "response_released",
        _("The recipients you select will be able to read this part of your reply until the date you set."),
        _("All users except you and CTED lose access to this part of your reply immediately."),
        (ResponseStatus.SENT,),
    )
)

RATING = table(
    *_released(
        "rating_released",
        _("The recipients you select will be able to read this rating until the date you set."),
        _("All users except you and CTED lose access to this rating immediately."),
    )
)

# Tone and icon of each value; shown with its label, never alone.
SAID_STYLES: Mapping[str, tuple[str, str]] = {
    "implemented": ("success", "check-circle"),
    "under_way": ("accent", "truck"),
    "planned": ("info", "calendar"),
    "not_accepted": ("danger", "x-circle"),
    "no_answer": ("neutral", "dash"),
}
RATED_STYLES: Mapping[str, tuple[str, str]] = {
    "implemented": ("success", "check-circle"),
    "largely": ("success", "check"),
    "partly": ("warning", "half"),
    "not": ("danger", "x-circle"),
    "no_longer_relevant": ("neutral", "lock"),
}
RESPONSE_STYLES: Mapping[str, tuple[str, str]] = {"draft": ("neutral", "pencil"), "sent": ("info", "send")}
