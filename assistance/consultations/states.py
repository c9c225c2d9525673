"""Statuses, levels, units and transitions of consultations and their rounds: data only."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.workflow.transition import Transition, table

COMMENT_DAYS = 30  # within which the State comments on a round that was closed
NEED_PROPOSED = "round_need_proposed"  # an event that CTED and the State alone see
MOST_FINDINGS = 200
MOST_PARAMETERS = 100


class RoundStatus(TextChoices):
    """The status of a round."""

    OPEN = "open", pgettext_lazy("round status", "Open")
    CLOSED = "closed", pgettext_lazy("round status", "Closed")


ROUND = table(
    Transition(
        "close", pgettext_lazy("button", "Close round"),
        _("The State is asked for its comments within 30 days, and the team of the programme is told."),
        (RoundStatus.OPEN,), "cted", "round_closed", ("has_findings", "has_parameters"), tone="primary", is_task=True,
    ),
    Transition(
        "comment", pgettext_lazy("button", "Comment on the round"), _("CTED and the team of the programme read your comments."),
        (RoundStatus.CLOSED,), "state", "round_commented", ("takes_comments",), tone="primary", is_task=True,
    ),
    Transition(
        "propose-need", _("Record a need"),
        _("A need is drafted from a finding. CTED sends it to the State, which decides on it."),
        (), "cted", "round_need_proposed", ("has_gap_without_need",),
    ),
    Transition(
        "share", pgettext_lazy("button", "Share with others"),
        _("The recipients you select will be able to read the findings of this round until the date you set."),
        (RoundStatus.CLOSED,), "state", "round_released", tone="primary", needs_proof=True, own_page=True,
    ),
    Transition(
        "withdraw", pgettext_lazy("button", "Withdraw consent"),
        _("All users except you, CTED, UNOCT and the team of the programme lose access to this round immediately."),
        (), "state", "consent_withdrawn", ("is_released",), tone="danger", needs_proof=True, own_page=True,
    ),
)  # fmt: skip

ROUND_STYLES: Mapping[str, tuple[str, str]] = {"open": ("info", "chat-left-text"), "closed": ("neutral", "lock")}
