"""An answer that names invalid fields: its status, and how many it names, the same for pages and for the API."""

from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

import django_filters as df
from django import forms
from django.utils.translation import ngettext

STATUS = 422
MOST_NAMED = 20
Named = TypeVar("Named")


def status_of(form: forms.BaseForm | df.FilterSet) -> int:
    """Return the status of a page with this form or these filters: 422 if any field is invalid, else 200."""
    return STATUS if form.errors else 200


def cut(found: Iterable[Named]) -> tuple[list[Named], str]:
    """Return the first faults, as many as an answer names, and a text that counts the rest; empty if there is none."""
    rest = iter(found)
    named = list(islice(rest, MOST_NAMED))
    count = sum(1 for _fault in rest)
    text = ngettext("%(count)d more error is not listed.", "%(count)d more errors are not listed.", count)
    return named, text % {"count": count} if count else ""
