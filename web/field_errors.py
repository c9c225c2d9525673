"""The status of an answer that names the entries which cannot be accepted: one for pages and for the API."""

import django_filters as df
from django import forms

STATUS = 422


def status_of(form: forms.BaseForm | df.FilterSet) -> int:
    """Return the status of a page that shows this form or these filters: 422 when they name entries at fault, else 200."""
    return STATUS if form.errors else 200
