"""The fields of a report, which the form and the body of two transitions share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assistance.delivery.models import Report
from assistance.delivery.states import FIGURES
from web.forms import fields_of

REPORT = ("period_from", "period_to", *FIGURES, "languages", "documents")


def report_fields() -> dict[str, forms.Field]:
    """Return the form fields of a report without its text: a period or number that is empty has a default."""
    found = fields_of(Report, *REPORT)
    found["period_from"].required = found["period_to"].required = False  # by default since the last report
    for name in FIGURES:
        found[name].required = False
        found[name].widget.attrs["inputmode"] = "numeric"
    confirm = forms.BooleanField(
        label=_("The large numbers are right"), required=False, help_text=_("Only needed for numbers from 10,000.")
    )
    return {**found, "confirm_large": confirm}
