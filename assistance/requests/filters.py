"""Filters of the list of requests."""

import django_filters as df
from django import forms
from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from assistance.pages.filters import ListFilter, SearchFilter, ThemeChoice, VocabularyChoice, states
from assistance.requests.models import AssistanceRequest, RequestCorrection
from assistance.requests.queries import Whose, of_whose
from assistance.requests.states import RequestCorrectionStatus, RequestStatus


class RequestFilter(ListFilter):
    whose = df.ChoiceFilter(
        label=pgettext_lazy("filter", "Show"),
        choices=Whose.choices,
        empty_label=pgettext_lazy("filter", "All"),
        method="of_whose",
    )
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

    def of_whose(self, queryset: QuerySet[AssistanceRequest], name: str, value: str) -> QuerySet[AssistanceRequest]:
        """Keep a part of the list, as the page of requests begins with it."""
        return of_whose(self.request.actor, queryset, value)


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
