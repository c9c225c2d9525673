"""Forms of suggestions: why one is set aside."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.needs.dismissals import REASONS
from assistance.pages.forms import ActorForm
from web.forms import PlainText


class DismissForm(ActorForm):
    """Why a suggestion does not suit: the type of the reason, and the reason in words."""

    reason_code = forms.ChoiceField(
        label=_("Type of reason"), widget=forms.RadioSelect, choices=[(one.value, one.label) for one in REASONS]
    )
    text = PlainText(label=pgettext_lazy("label", "Reason"), help_text=_("Only your organization reads it."))

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {}
