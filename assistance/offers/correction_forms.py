"""Forms of corrections of offers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.offers.states import CorrectedField
from assistance.pages.forms import ActorForm
from web.forms import PlainText


class CorrectForm(ActorForm):
    """A change of one field of an offer, and why."""

    field = forms.ChoiceField(label=_("What should be corrected"), choices=CorrectedField.choices)
    proposed = PlainText(
        label=_("Proposed entry"),
        required=False,
        help_text=_("The whole entry as it should be, in the language of the offer. A day as YYYY-MM-DD."),
    )
    why = PlainText(
        label=pgettext_lazy("label", "Reason"), help_text=_("Only the provider and your organization read it.")
    )

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {}


class AcceptForm(ActorForm):
    note = PlainText(label=pgettext_lazy("label", "Note"), required=False)


class RefuseForm(ActorForm):
    reason = PlainText(label=pgettext_lazy("label", "Reason"), help_text=_("Whoever proposed the correction reads it."))


FORMS: dict[str, type[ActorForm]] = {"accept": AcceptForm, "refuse": RefuseForm}
