"""The messages about several rows of one decision over a release, whatever kinds of rows the State releases."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import Message
from assistance.workflow.notifications import AUDIENCE_REASON, PARTY_REASON, kinds_told_together


def rows_in_words(values: Mapping[str, Any]) -> dict[str, object]:
    """Return the value `rows` of a message about several rows in words: their number by kind, in the active language."""
    numbers: Mapping[str, int] = values["rows"]
    counted = [own.release.counted(numbers[own.name]) for own in kinds_told_together() if own.name in numbers]
    return {"rows": " · ".join(counted)}


RELEASED_TOGETHER = Message(
    "released_together",
    _("Released to you: %(rows)s"),
    AUDIENCE_REASON,
    in_words=rows_in_words,
    label=_("Several records released to you"),
)
WITHDRAWN_TOGETHER = Message(
    "withdrawn_together",
    _("Consent withdrawn by the State: %(rows)s"),
    PARTY_REASON,
    in_words=rows_in_words,
    label=_("Consent to several records withdrawn by the State"),
)
EXPIRED_TOGETHER = Message(
    "expired_together",
    _("Consent expired: %(rows)s"),
    PARTY_REASON,
    in_words=rows_in_words,
    label=_("Consent to several records expired"),
)
