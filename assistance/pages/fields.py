"""Form fields used by several aggregates: rows of vocabularies to tick."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Case, QuerySet, TextField, Value, When
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from assistance.workflow.naming import in_words, matter_of, with_names
from entities.collation import sort_key
from entities.models import Organisation, Region, Theme
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
        super().__init__(**{**kwargs, "queryset": Region.objects.select_related("parent__parent")})

    def sort(self) -> None:
        """Sort by the reader's language, which is known only when the form is rendered."""
        self.queryset = regions()

    def label_from_instance(self, obj: Any) -> str:
        return " · ".join(str(region) for region in reversed(regions_around(obj)))


class ByPillar(forms.models.ModelChoiceIterator):
    """The themes of a field under the headings of their pillars."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        rows: Any = self.queryset
        for heading, themes in groupby(rows.by_pillar(), key=pillar_heading):
            yield heading, [self.choice(theme) for theme in themes]


def pillar_heading(theme: Theme) -> str:
    """Return the heading under which a theme stands in lists."""
    return str(theme.pillar) if theme.pillar else gettext("All pillars")


class ThemesField(TicksField):
    """Themes to tick, under the headings of their pillars."""

    iterator = ByPillar


class StatesField(TicksField):
    """States, sorted by name in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "queryset": Organisation.objects.states()})

    def sort(self) -> None:
        """Sort by the reader's language, which is known only when the form is rendered."""
        self.queryset = Organisation.objects.states().by_name()


def regions() -> QuerySet[Region]:
    """Return all regions by name in the reader's language, each after the wider region it belongs to."""
    own, parent, grandparent = (
        sort_key(f"{path}name", get_language() or "en") for path in ("", "parent__", "parent__parent__")
    )
    deep, child = When(parent__parent__isnull=False, then=grandparent), When(parent__isnull=False, then=parent)
    widest = Case(deep, child, default=own, output_field=TextField())
    deep, child = When(parent__parent__isnull=False, then=parent), When(parent__isnull=False, then=own)
    second = Case(deep, child, default=Value(""), output_field=TextField())
    third = Case(When(parent__parent__isnull=False, then=own), default=Value(""), output_field=TextField())
    return Region.objects.select_related("parent__parent").order_by(widest, second, third)
