"""The filter of a provider's running deliveries."""

from django.utils.translation import pgettext_lazy

from assistance.needs.models import Match
from assistance.pages.filters import ListFilter, VocabularyChoice, states


class DeliveryFilter(ListFilter):
    state = VocabularyChoice(
        label=pgettext_lazy("country", "State"), queryset=states, to_field_name="iso3", field_name="need__state"
    )

    class Meta:
        model = Match
        fields: list[str] = []
