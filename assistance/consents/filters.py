"""Filters of the list of consents."""

import django_filters as df
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.consents.models import Consent
from assistance.consents.states import Decision
from assistance.pages.filters import Since, VocabularyChoice, states


class ConsentFilter(df.FilterSet):
    modified_since = Since("given_at", _("Recorded since"))
    need = df.UUIDFilter(field_name="needs", label=pgettext_lazy("label", "Need"), widget=forms.HiddenInput)
    state = VocabularyChoice(label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3")
    decision = df.ChoiceFilter(
        label=pgettext_lazy("label", "Decision"), choices=Decision.choices, empty_label=pgettext_lazy("filter", "All")
    )

    class Meta:
        model = Consent
        fields: list[str] = []
