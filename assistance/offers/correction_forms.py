"""Forms of corrections of offers."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.offers.states import CorrectedField
from assistance.pages import corrections
from web.forms import PlainText


class CorrectForm(corrections.CorrectForm):
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
