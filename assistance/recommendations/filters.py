"""Filters of the lists of recommendations, and of what is said of them."""

import django_filters as df
from django.utils.translation import pgettext_lazy

from assistance.needs.states import Priority
from assistance.pages.filters import ListFilter, SearchFilter, ThemeChoice, VocabularyChoice, states
from assistance.recommendations.models import Observation, Rating, Recommendation, Response


class ObservationFilter(ListFilter):
    visit = df.UUIDFilter(field_name="visit_id", label=pgettext_lazy("label", "Visit"))
    state = VocabularyChoice(
        label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3", field_name="visit__state"
    )

    class Meta:
        model = Observation
        fields: list[str] = []


class RecommendationFilter(ObservationFilter):
    q = SearchFilter(label=pgettext_lazy("label", "Search"), max_length=200)
    theme = ThemeChoice(label=pgettext_lazy("label", "Theme"))
    priority = df.ChoiceFilter(
        label=pgettext_lazy("label", "Priority"), choices=Priority.choices, empty_label=pgettext_lazy("filter", "All")
    )

    class Meta:
        model = Recommendation
        fields: list[str] = []


class ResponseFilter(ObservationFilter):
    recommendation = df.UUIDFilter(field_name="recommendation_id", label=pgettext_lazy("label", "Recommendation"))

    class Meta:
        model = Response
        fields: list[str] = []


class RatingFilter(ObservationFilter):
    recommendation = df.UUIDFilter(field_name="recommendation_id", label=pgettext_lazy("label", "Recommendation"))

    class Meta:
        model = Rating
        fields: list[str] = []
