"""Forms of needs."""

from operator import attrgetter
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import considerations
from assistance.access import policy
from assistance.needs.models import Need
from assistance.needs.rules import later_visits, may_rest_on_desk
from assistance.needs.states import CloseReason, Outcome, Sustained
from assistance.pages.fields import pillar_heading
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from assistance.visits.models import Section, Visit
from assistance.workflow.naming import in_words
from entities.models import Organisation, Theme
from web.forms import NOTHING, PlainText, fields_of


class _PillarFromTheme(RecordForm):
    """A form with a theme and a pillar: the pillar is that of the theme, or chosen where the theme belongs to none."""

    def clean(self) -> dict[str, Any]:
        """Take the pillar from the theme; ask for it where the theme belongs to none."""
        values = super().clean() or self.cleaned_data
        theme = values.get("theme")
        if theme and theme.pillar_id and "pillar" not in self.errors:
            values["pillar"] = theme.pillar
        elif theme and not values.get("pillar") and "pillar" not in self.errors:
            self.add_error("pillar", _("This theme belongs to no pillar. Select the pillar to which the need relates."))
        return values


class NeedForm(_PillarFromTheme):
    """A need. From a visit's report, State and visit are preset; elsewhere they are chosen."""

    vars().update(
        fields_of(
            Need, "state", "source", "visit", "section", "title", "description", "pillar", "theme", "instrument",
            "provision", "beneficiary", "assistance_type", "priority", "priority_reason", "baseline", "target",
            "deadline", *considerations.FIELDS,
        )
    )  # fmt: skip
    field_order = [
        "state", "source", "visit", "section", "language", "title", "description", "assistance_type", "theme", "pillar",
    ]  # fmt: skip
    groups = (
        (_("Where the need was found"), ("state", "source", "visit", "section")),
        (
            _("Description of the need"),
            (
                "language", "title", "description", "assistance_type", "theme", "pillar", "instrument", "provision",
                "beneficiary",
            ),
        ),
        (
            _("How urgent it is, and how it is measured"),
            ("priority", "priority_reason", "baseline", "target", "deadline"),
        ),
        (considerations.HEADING, ()),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["state"].queryset = Organisation.objects.states().by_name()
        fields["visit"].queryset = policy.visible(self.actor, Visit).select_related("state")
        fields["section"].queryset = policy.visible(self.actor, Section).select_related("visit__state")
        fields["instrument"].label_from_instance = attrgetter("in_words")
        fields["pillar"].required = False
        fields["pillar"].help_text = _("Only for a theme that belongs to no pillar.")
        self.offer_themes()
        self.offer_visits()
        for name in ("state", "visit"):  # what is offered below depends on them
            fields[name].widget.attrs |= RELOAD
        fields["state"].widget.button = _("Show the visits to this State")
        fields["visit"].widget.button = _("Show the sections of this report")

    def offer_themes(self) -> None:
        """Offer the themes under the heading of their pillar; those of no pillar are marked."""
        field: Any = self.fields["theme"]
        themes = list(Theme.objects.by_pillar())
        grouped: dict[str, list[tuple[str, str]]] = {}
        for theme in themes:
            grouped.setdefault(pillar_heading(theme), []).append((theme.pk, theme.name))
        field.choices = [("", NOTHING), *grouped.items()]
        field.widget.marks = {theme.pk: {"data-cross": "true"} for theme in themes if theme.pillar is None}

    def offer_visits(self) -> None:
        """Offer the visits to the State that is chosen, and the sections of the visit that is chosen, in words."""
        state, visit = (key_of(self[name].value()) for name in ("state", "visit"))
        visits, sections = (self.fields[name].queryset for name in ("visit", "section"))  # type: ignore[attr-defined]
        if state:
            visits, sections = (
                visits.filter(Q(state=state) | Q(pk=visit)),
                sections.filter(Q(visit__state=state) | Q(visit=visit)),
            )
        if visit:
            sections = sections.filter(visit=visit)
        by_visit: dict[str, list[tuple[str, str]]] = {}
        for section in sections.order_by("-visit__starts_on", "visit_id", "number"):
            by_visit.setdefault(in_words(section.visit), []).append((str(section.pk), in_words(section)))
        fields: dict[str, Any] = self.fields
        ordered = sorted(visits.order_by("-starts_on", "-id"), key=lambda row: str(row.state.name))
        fields["visit"].choices = [("", NOTHING), *((str(row.pk), in_words(row)) for row in ordered)]
        fields["section"].choices = [("", NOTHING), *by_visit.items()]


class NeedLineForm(_PillarFromTheme):
    """A need as a row of the table of a visit, which gives its State and visit."""

    LINE = (
        "section", "language", "title", "description", "assistance_type", "theme", "pillar", "instrument", "provision",
        "beneficiary", "priority", "priority_reason", "baseline", "target", "deadline",
    )  # fmt: skip

    vars().update(fields_of(Need, *(name for name in LINE if name != "language")))

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        sections = policy.visible(self.actor, Section).filter(visit=visit).select_related("visit__state")
        fields["section"].queryset = sections.order_by("number")
        fields["section"].label_from_instance = lambda section: f"{section.number} · {in_words(section)}"
        fields["theme"].queryset = Theme.objects.by_pillar()
        fields["instrument"].label_from_instance = attrgetter("in_words")
        fields["pillar"].required = False


# The first group is shown anew when the State or the visit is chosen; without JavaScript, by the button under the list.
RELOAD = {
    "hx-post": "", "hx-trigger": "change", "hx-include": "closest form", "hx-vals": '{"step": "narrow"}',
    "hx-target": "#group-1", "hx-select": "#group-1", "hx-swap": "outerHTML",
}  # fmt: skip


def key_of(value: Any) -> UUID | None:
    """Return the key of a chosen row, or None."""
    try:
        return UUID(str(getattr(value, "pk", value)))
    except ValueError:
        return None


class NoteForm(ActorForm):
    note = PlainText(
        label=pgettext_lazy("label", "Note"),
        required=False,
        help_text=_("All users who can see this need can read it."),
    )


class VerifyForm(ActorForm):
    outcome = forms.ChoiceField(
        label=pgettext_lazy("label", "Outcome"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    share = forms.IntegerField(
        label=_("Share met, in per cent"), required=False, min_value=1, max_value=99,
        help_text=_("Required for “partly met”, otherwise empty."),
    )  # fmt: skip
    note = PlainText(label=_("Explanation of the outcome"))


class CloseForm(ActorForm):
    reason = forms.ChoiceField(
        label=pgettext_lazy("label", "Reason"), choices=CloseReason.choices, widget=forms.RadioSelect
    )
    note = PlainText(label=pgettext_lazy("label", "Note"), required=False)


class YearForm(ActorForm):
    answer = forms.ChoiceField(
        label=_("What was built with the assistance is"), choices=Sustained.choices, widget=forms.RadioSelect
    )
    note = PlainText(
        label=pgettext_lazy("label", "Explanation"),
        required=False,
        help_text=_("Required unless all still works. All users who can see this need can read it."),
    )


class TakeNoteForm(ActorForm):
    reason = PlainText(label=_("Why the need stays met"), help_text=_("The State can read it."))


class ReopenForm(ActorForm):
    visit = forms.ModelChoiceField(
        Visit.objects.none(), label=_("Visit that found the need again"), widget=forms.RadioSelect, empty_label=None
    )
    reason = PlainText(label=_("Reason for reopening"), help_text=_("All users who can see this need can read it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["visit"]
        field.queryset = later_visits(self.actor, self.instance).select_related("state").order_by("-starts_on", "-id")
        field.label_from_instance = in_words
        if may_rest_on_desk(self.actor, self.instance):
            field.required, field.empty_label = False, _("Review from the desk")
        else:
            self.initial["visit"] = field.queryset.first()


FORMS: dict[str, type[ActorForm]] = {
    "put-to-state": EmptyForm,
    "agree": NoteForm,
    "verify": VerifyForm,
    "close": CloseForm,
    "report-after-year": YearForm,
    "take-note": TakeNoteForm,
    "reopen": ReopenForm,
}


def initial_for(visit: Any, section: Any) -> dict[str, Any]:
    """Return the initial values of a need found at a visit."""
    if visit is None:
        return {}
    return {"visit": visit, "state": visit.state, "source": "visit", "section": section}
