"""Filters of the list of requests."""

import django_filters as df
from django import forms
from django.utils.translation import pgettext_lazy

from assistance.pages.filters import ListFilter, SearchFilter, ThemeChoice, VocabularyChoice, states
from assistance.requests.models import AssistanceRequest, RequestCorrection
from assistance.requests.states import RequestCorrectionStatus, RequestStatus


class RequestFilter(ListFilter):
    q = SearchFilter(label=pgettext_lazy("label", "Search"), max_length=200)
    state = VocabularyChoice(label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3")
    theme = ThemeChoice(label=pgettext_lazy("label", "Theme"))
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"),
        choices=RequestStatus.choices,
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = AssistanceRequest
        fields: list[str] = []


class RequestCorrectionFilter(ListFilter):
    request = df.UUIDFilter(
        field_name="assistance_request_id", label=pgettext_lazy("label", "Request"), widget=forms.HiddenInput
    )
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"),
        choices=RequestCorrectionStatus.choices,
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = RequestCorrection
        fields: list[str] = []
