"""The status of an answer that names invalid fields: the same for pages and for the API."""

import django_filters as df
from django import forms

STATUS = 422


def status_of(form: forms.BaseForm | df.FilterSet) -> int:
    """Return the status of a page with this form or these filters: 422 if any field is invalid, else 200."""
    return STATUS if form.errors else 200
