"""Filters of the list of offers."""

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.offers.models import Offer
from assistance.offers.states import AssistanceType, OfferStatus
from assistance.pages.filters import CodeChoice, ListFilter, TextFilter, ThemeChoice
from entities.models import Organisation


def providers(request: Any = None) -> QuerySet[Organisation]:
    """Return the providers of offers the reader sees: a hidden offer does not disclose its provider."""
    if request is None:
        return Organisation.objects.none()
    seen = policy.visible(request.actor, Offer).values("provider")
    return Organisation.objects.filter(pk__in=seen).by_name()


class OfferFilter(ListFilter):
    q = TextFilter(label=pgettext_lazy("label", "Search"), max_length=200)
    provider = CodeChoice(label=pgettext_lazy("label", "Provider"), queryset=providers, to_field_name="slug")
    theme = ThemeChoice(label=pgettext_lazy("label", "Theme"), field_name="themes")
    assistance_type = df.ChoiceFilter(
        label=_("Type of assistance"),
        choices=AssistanceType.choices,
        empty_label=pgettext_lazy("filter", "All"),
        method="of_type",
    )
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"), choices=OfferStatus.choices, empty_label=pgettext_lazy("filter", "All")
    )

    class Meta:
        model = Offer
        fields: list[str] = []

    def of_type(self, queryset: QuerySet[Offer], name: str, value: str) -> QuerySet[Offer]:
        return queryset.filter(assistance_types__contains=[value])
