"""Form fields used by several aggregates: rows of vocabularies to tick."""

from typing import Any

from django import forms
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.html import format_html

from assistance.workflow.naming import in_words, matter_of, with_names
from entities.models import Organisation, Region
from entities.regions import regions_around
from web.choices import Narrowed
from web.translated_text import Text


class LongTicks(Narrowed, forms.CheckboxSelectMultiple):
    """Tick boxes in a scrolling frame: a list of two hundred States does not displace the rest of the form."""

    template_name = "django/forms/widgets/list_ticks.html"

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"class": "options-long", **(attrs or {})}, **kwargs)

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return one tick box without the CSS class, which belongs to the frame around them."""
        option = super().create_option(*args, **kwargs)
        option["attrs"].pop("class", None)
        return option


class TicksField(forms.ModelMultipleChoiceField):
    """Any rows of a vocabulary, as a long list of tick boxes."""

    widget = LongTicks


def name_in_words(field: forms.ModelChoiceField) -> None:
    """Let a field show its records as `matter_of` names them, beside boxes with the mark of a title's language."""
    ticks = isinstance(field.widget, forms.CheckboxSelectMultiple | forms.RadioSelect)
    if field.queryset is not None:
        field.queryset = with_names(field.queryset)
    field.label_from_instance = marked_words if ticks else in_words  # type: ignore[method-assign, assignment]


def marked_words(row: Any) -> str:
    """Return the name of a record with the mark of its title's language, for readers of another."""
    matter = matter_of(row)
    if not matter.language:
        return in_words(row)
    return format_html(
        '<span lang="{}" dir="{}">{}</span>{} · <bdi dir="ltr">{}</bdi>',
        matter.language, Text(str(matter.title), matter.language).direction, matter.title,
        "".join(f" · {fact}" for fact in matter.facts), matter.reference,
    )  # fmt: skip


class RegionsField(TicksField):
    """Regions, each sorted after the wider region it belongs to and labelled with it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "queryset": regions()})

    def label_from_instance(self, obj: Any) -> str:
        return " · ".join(str(region) for region in reversed(regions_around(obj)))


class StatesField(TicksField):
    """States, sorted by name in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "queryset": Organisation.objects.states()})

    def sort(self) -> None:
        """Sort by the reader's language, which is known only when the form is rendered."""
        self.queryset = Organisation.objects.states().by_name()


def regions() -> QuerySet[Region]:
    """Return all regions, each after the wider region it belongs to."""
    path = Concat(
        Coalesce("parent__parent__code", Value("")), Coalesce("parent__code", Value("")), "code"
    )  # fmt: skip
    return Region.objects.select_related("parent__parent").annotate(path=path).order_by("path")
