"""Form fields used by several aggregates: States, regions, themes, needs, money and currency, numbers."""

from typing import Any

from django import forms
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from assistance.currencies import CODES
from entities.models import Organisation, Region, Theme
from entities.regions import regions_around

# More than any provider has, and within the column's range: a larger number is a typing error.
MOST = 1_000_000


class LongTicks(forms.CheckboxSelectMultiple):
    """Tick boxes in a scrolling frame: a list of two hundred States does not displace the rest of the form."""

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"class": "options-long", **(attrs or {})}, **kwargs)

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return one tick box without the CSS class, which belongs to the frame around them."""
        option = super().create_option(*args, **kwargs)
        option["attrs"].pop("class", None)
        return option


class RegionsField(forms.ModelMultipleChoiceField):
    """Regions, each sorted after the wider region it belongs to and labelled with it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(regions(), widget=LongTicks, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return " · ".join(str(region) for region in reversed(regions_around(obj)))


class StatesField(forms.ModelMultipleChoiceField):
    """States, sorted by name in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organisation.objects.states(), widget=LongTicks, **kwargs)

    def sort(self) -> None:
        """Sort by the reader's language, which is known only when the form is rendered."""
        self.queryset = Organisation.objects.states().by_name()


class ThemesField(forms.ModelMultipleChoiceField):
    """Themes, as a long list of tick boxes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Theme.objects.all(), widget=LongTicks, **kwargs)


def regions() -> QuerySet[Region]:
    """Return all regions, each after the wider region it belongs to."""
    path = Concat(
        Coalesce("parent__parent__code", Value("")), Coalesce("parent__code", Value("")), "code"
    )  # fmt: skip
    return Region.objects.select_related("parent__parent").annotate(path=path).order_by("path")


def whole_number(label: Any, **kwargs: Any) -> forms.IntegerField:
    """Return a field for a count of things a provider has."""
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST, **kwargs)


def money(label: Any, max_digits: int) -> forms.DecimalField:
    """Return a field for an amount of money, with at most as many digits as the column stores."""
    return forms.DecimalField(label=label, required=False, min_value=0, max_digits=max_digits, decimal_places=2)


def currency() -> forms.ChoiceField:
    """Return a field for the currency of an amount."""
    choices = [("", "—"), *((code, code) for code in CODES)]
    return forms.ChoiceField(
        label=_("Currency"), required=False, choices=choices, help_text=_("Needed where an amount is given.")
    )
