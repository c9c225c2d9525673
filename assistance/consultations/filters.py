"""Filters of the lists of consultations and rounds."""

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.consultations.models import Consultation, Round
from assistance.consultations.states import RoundStatus
from assistance.pages.filters import CodeChoice, ListFilter, SearchFilter, VocabularyChoice, states
from entities.models import Programme


def programmes(request: Any = None) -> QuerySet[Programme]:
    """Return the programmes of consultations that the reader sees."""
    if request is None:
        return Programme.objects.none()
    seen = policy.visible(request.actor, Consultation).values("programme")
    return Programme.objects.filter(pk__in=seen).order_by("name")


def consultations(request: Any = None) -> QuerySet[Consultation]:
    """Return the consultations that the reader sees."""
    return policy.visible(request.actor, Consultation) if request is not None else Consultation.objects.none()


class ConsultationFilter(ListFilter):
    q = SearchFilter(label=pgettext_lazy("label", "Search"), max_length=200)
    state = VocabularyChoice(label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3")
    programme = CodeChoice(label=pgettext_lazy("label", "Programme"), queryset=programmes, to_field_name="code")

    class Meta:
        model = Consultation
        fields: list[str] = []


class RoundFilter(ListFilter):
    state = VocabularyChoice(label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3")
    consultation = df.ModelChoiceFilter(label=pgettext_lazy("label", "Consultation"), queryset=consultations)
    status = df.ChoiceFilter(
        label=pgettext_lazy("label", "Status"), choices=RoundStatus.choices, empty_label=pgettext_lazy("filter", "All")
    )

    class Meta:
        model = Round
        fields: list[str] = []
