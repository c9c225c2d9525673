"""Forms of assessments, their findings and comments."""

from functools import partial
from operator import attrgetter
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.assessments.lines import selectable
from assistance.assessments.models import Assessment, Finding
from assistance.assessments.rules import entities_of
from assistance.needs.states import Priority
from assistance.offers.states import AssistanceType
from assistance.pages.fields import ByPillar, ThemesField, TicksField
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from assistance.pages.parts import PartForm
from entities.models import Organisation, Pillar
from web.forms import NOTHING, Line, PlainText, fields_of
from web.texts import COMMENT_MAX, REMARK_MAX
from web.translated_text import Text


class InstrumentsField(TicksField):
    """Instruments to tick, by symbol and subject."""

    label_from_instance = attrgetter("in_words")  # type: ignore[assignment]


class ThemeOfFinding(forms.ModelChoiceField):
    """One theme, from a list in which each stands under its pillar."""

    iterator = ByPillar


class AssessmentForm(RecordForm):
    """An assessment by an entity for which the actor acts."""

    vars().update(
        fields_of(
            Assessment, "entity", "state", "kind", "title", "summary", "themes", "instruments", "starts_on", "ends_on",
            "is_public", "public_link", "same_as",
            themes=ThemesField, instruments=InstrumentsField,
        )
    )  # fmt: skip
    field_order = ["entity", "state", "kind", "language", "title", "summary"]
    groups = (
        (_("The assessment"), ("entity", "state", "kind", "starts_on", "ends_on", "same_as")),
        (pgettext_lazy("form section", "Content"), ("language", "title", "summary", "themes", "instruments")),
        (pgettext_lazy("form section", "Publication"), ()),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        own = entities_of(self.actor)
        fields["entity"].queryset = Organisation.objects.filter(pk__in=[one.pk for one in own])
        fields["state"].queryset = Organisation.objects.states().by_name()
        fields["same_as"].queryset = selectable(self.actor, own).select_related("entity", "state")
        if len(own) == 1:
            fields["entity"].empty_label = None
            self.initial.setdefault("entity", own[0].pk)


class FindingForm(PartForm):
    vars().update(fields_of(Finding, "theme", "framework", "text", "is_gap", theme=ThemeOfFinding))


class CommentForm(ActorForm):
    text = PlainText(
        label=pgettext_lazy("label", "Comment"),
        max_length=COMMENT_MAX,
        help_text=_("Only the State and the entity can read this."),
    )


class CancelForm(ActorForm):
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"), max_length=REMARK_MAX, help_text=_("The State can read it.")
    )


class ProposeNeedForm(ActorForm):
    """A need that is drafted from a finding; its text is that of the finding."""

    text = "text"  # the field of a finding that names it

    finding: "forms.ModelChoiceField[Finding]" = forms.ModelChoiceField(
        Finding.objects.none(), label=pgettext_lazy("label", "Finding"), widget=forms.RadioSelect, empty_label=None,
        help_text=_("Its text becomes the description of the need."),
    )  # fmt: skip
    title = Line(label=_("Title of the need"), max_length=300)
    assistance_type = forms.ChoiceField(label=_("Type of assistance"), choices=[("", NOTHING), *AssistanceType.choices])
    priority = forms.ChoiceField(
        label=pgettext_lazy("label", "Priority"), choices=Priority.choices, widget=forms.RadioSelect
    )
    priority_reason = PlainText(label=_("Reason for the priority"), required=False)
    pillar: "forms.ModelChoiceField[Pillar]" = forms.ModelChoiceField(
        Pillar.objects.all(), label=pgettext_lazy("label", "Pillar"), required=False,
        help_text=_("Only for a theme that belongs to no pillar."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["finding"]
        field.queryset = self.gaps().select_related("theme")
        field.label_from_instance = partial(in_words, language=self.instance.language, text=self.text)

    def gaps(self) -> QuerySet[Any]:
        """Return the findings of which a need can be made."""
        found: QuerySet[Any] = self.instance.findings.filter(is_gap=True, need=None)
        return found

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {"version": instance.version}


def in_words(finding: Any, language: str, text: str) -> str:
    """Return a finding as a list to choose from names it: its number, theme and framework, and its text."""
    return format_html(
        '{} · <bdi>{}</bdi> · {} · <span lang="{}" dir="{}">{}</span>',
        finding.number, finding.theme.name, finding.get_framework_display(), language,
        Text("", language).direction, getattr(finding, text),
    )  # fmt: skip


FORMS: dict[str, type[ActorForm]] = {
    "start": EmptyForm,
    "finish": EmptyForm,
    "cancel": CancelForm,
    "propose-need": ProposeNeedForm,
}
