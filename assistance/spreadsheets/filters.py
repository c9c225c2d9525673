"""Filters of the list of returned spreadsheets."""

import django_filters as df
from django.utils.translation import pgettext_lazy

from assistance.pages.filters import ListFilter
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.states import SpreadsheetStatus


class SpreadsheetFilter(ListFilter):
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"),
        choices=SpreadsheetStatus.choices,
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = Spreadsheet
        fields: list[str] = []
