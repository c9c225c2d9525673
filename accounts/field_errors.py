"""The status of an answer that names the entries which cannot be accepted: one for pages and for the API."""

from django import forms

STATUS = 422


def status_of(form: forms.BaseForm) -> int:
    """Return the status of a page that shows this form: 422 when it names entries at fault, else 200."""
    return STATUS if form.errors else 200
