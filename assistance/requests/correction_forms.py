"""Forms of corrections of requests."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.pages import corrections
from assistance.requests.states import RequestCorrectedField
from web.forms import PlainText


class CorrectForm(corrections.CorrectForm):
    """A change of one field of a request, and why."""

    field = forms.ChoiceField(label=_("What should be corrected"), choices=RequestCorrectedField.choices)
    proposed = PlainText(
        label=_("Proposed entry"),
        required=False,
        help_text=_("The whole entry as it should be, in the language of the request. A day as YYYY-MM-DD."),
    )
    why = PlainText(label=pgettext_lazy("label", "Reason"), help_text=_("The State, UNOCT and CTED read it."))
