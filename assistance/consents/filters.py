"""Filters of the list of consents."""

import django_filters as df
from django import forms
from django.utils.translation import gettext_lazy as _

from assistance.consents.models import Consent
from assistance.consents.states import Decision
from assistance.pages.filters import CodeChoice, Since, states


class ConsentFilter(df.FilterSet):
    modified_since = Since("given_at", _("Given since"))
    need = df.UUIDFilter(field_name="needs", label=_("Need"), widget=forms.HiddenInput)
    state = CodeChoice(label=_("State"), queryset=states, to_field_name="iso3")
    decision = df.ChoiceFilter(label=_("Decision"), choices=Decision.choices, empty_label=_("All"))

    class Meta:
        model = Consent
        fields: list[str] = []
