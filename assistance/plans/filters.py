"""Filters of the lists of plans and steps."""

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.pages.filters import CodeChoice, ListFilter, SearchFilter, VocabularyChoice, states
from assistance.plans.models import ActionPlan, PlanStep
from assistance.plans.states import PlanKind, PlanStatus, StepStatus
from entities.models import Programme


def programmes(request: Any = None) -> QuerySet[Programme]:
    """Return the programmes of plans that the reader sees."""
    if request is None:
        return Programme.objects.none()
    seen = policy.visible(request.actor, ActionPlan).values("programme")
    return Programme.objects.filter(pk__in=seen).order_by("name")


def plans(request: Any = None) -> QuerySet[ActionPlan]:
    """Return the plans that the reader sees."""
    return ActionPlan.objects.none() if request is None else policy.visible(request.actor, ActionPlan)


def _choices(label: Any, choices: Any) -> df.ChoiceFilter:
    return df.ChoiceFilter(label=label, choices=choices, empty_label=pgettext_lazy("filter", "All"))


class PlanFilter(ListFilter):
    q = SearchFilter(label=pgettext_lazy("label", "Search"), max_length=200)
    kind = _choices(pgettext_lazy("label", "Kind"), PlanKind.choices)
    state = VocabularyChoice(label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3")
    programme = CodeChoice(label=pgettext_lazy("label", "Programme"), queryset=programmes, to_field_name="code")
    status = _choices(pgettext_lazy("label", "Status"), PlanStatus.choices)

    class Meta:
        model = ActionPlan
        fields: list[str] = []


class StepFilter(ListFilter):
    q = SearchFilter(label=pgettext_lazy("label", "Search"), max_length=200)
    plan = df.ModelChoiceFilter(queryset=plans, label=pgettext_lazy("label", "Plan"))
    state = VocabularyChoice(label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3")
    status = _choices(pgettext_lazy("label", "Status"), StepStatus.choices)
    due_before = df.DateFilter(field_name="due", lookup_expr="lt", label=pgettext_lazy("label", "Due before"))

    class Meta:
        model = PlanStep
        fields: list[str] = []
