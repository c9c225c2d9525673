"""Filters of the list of offers."""

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.offers.models import Correction, Offer
from assistance.offers.states import (
    AssistanceType,
    CorrectionStatus,
    CostToState,
    Eligibility,
    OfferStatus,
    ShownStatus,
)
from assistance.pages.filters import CodeChoice, ListFilter, SearchFilter, ThemeChoice
from entities.local_days import today_at
from entities.models import Organisation


def providers(request: Any = None) -> QuerySet[Organisation]:
    """Return the providers of offers the reader sees: a hidden offer does not disclose its provider."""
    if request is None:
        return Organisation.objects.none()
    seen = policy.visible(request.actor, Offer).values("provider")
    return Organisation.objects.filter(pk__in=seen).by_name()


class OfferFilter(ListFilter):
    q = SearchFilter(label=pgettext_lazy("label", "Search"), max_length=200)
    provider = CodeChoice(label=pgettext_lazy("label", "Provider"), queryset=providers, to_field_name="slug")
    theme = ThemeChoice(label=pgettext_lazy("label", "Theme"), field_name="themes")
    assistance_type = df.ChoiceFilter(
        label=_("Type of assistance"),
        choices=AssistanceType.choices,
        empty_label=pgettext_lazy("filter", "All"),
        method="of_type",
    )
    eligibility = df.ChoiceFilter(
        label=_("Open only to"),
        choices=Eligibility.choices,
        empty_label=pgettext_lazy("filter", "All"),
        method="of_group",
    )
    cost_to_state = df.ChoiceFilter(
        label=_("Cost to the State"), choices=CostToState.choices, empty_label=pgettext_lazy("filter", "All")
    )
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"),
        choices=ShownStatus.choices,
        empty_label=pgettext_lazy("filter", "All"),
        method="of_status",
    )

    class Meta:
        model = Offer
        fields: list[str] = []

    def of_type(self, queryset: QuerySet[Offer], name: str, value: str) -> QuerySet[Offer]:
        return queryset.filter(assistance_types__contains=[value])

    def of_group(self, queryset: QuerySet[Offer], name: str, value: str) -> QuerySet[Offer]:
        return queryset.filter(eligibility__contains=[value])

    def of_status(self, queryset: QuerySet[Offer], name: str, value: str) -> QuerySet[Offer]:
        """Return the offers of which this status is shown (`Offer.shown_status`)."""
        over = Q(status=OfferStatus.PUBLISHED, closes_on__lt=today_at("provider__time_zone"))
        return queryset.filter(over) if value == ShownStatus.EXPIRED else queryset.filter(~over, status=value)


class CorrectionFilter(ListFilter):
    offer = df.UUIDFilter(field_name="offer_id", label=pgettext_lazy("label", "Offer"), widget=forms.HiddenInput)
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"),
        choices=CorrectionStatus.choices,
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = Correction
        fields: list[str] = []
