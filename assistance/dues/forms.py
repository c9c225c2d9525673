"""Forms of deadlines."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.pages.forms import ActorForm, EmptyForm
from web.date_fields import DayField
from web.forms import PlainText
from web.texts import REMARK_MAX

THREE_WEEKS = timedelta(days=21)


class WaiveForm(ActorForm):
    """Why what is owed is no longer asked for."""

    reason = PlainText(
        label=pgettext_lazy("label", "Reason"),
        max_length=REMARK_MAX,
        help_text=_("Both organizations can read it in the history."),
    )


class SnoozeForm(ActorForm):
    """The day from which a person wishes to be reminded again; in three weeks unless another is chosen."""

    until = DayField(
        label=_("Ask me again on"),
        help_text=_("Until then you receive no reminder of this. Your colleagues still do."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", timezone.localdate() + THREE_WEEKS)


FORMS: dict[str, type[ActorForm]] = {"nudge": EmptyForm, "waive": WaiveForm}
