"""The form of a request, in five steps, each saved on its own."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import considerations
from assistance.access.audience_words import STANDING_WORDS
from assistance.consents.forms import OrganisationTicks, organisations_by_kind
from assistance.pages.fields import pillar_heading
from assistance.pages.forms import ActorForm, RecordForm
from assistance.requests.editing import AskedRow, asked_rows
from assistance.requests.models import AssistanceRequest
from assistance.requests.parts import PARTS
from assistance.requests.states import AskedOutcome
from entities.actors import standing_of
from entities.models import Organisation, Role, Theme, WorkingGroup
from web.date_fields import DayField, EndField
from web.exceptions import Invalid
from web.forms import NOTHING, Line, fields_of

EMPTY_ROWS, MOST_ROWS = 2, 20
ENTERED_OTHERWISE = ("audience_allowed", "until")  # by fields of the form that are not those of the columns


class WhatForm(RecordForm):
    """What is asked for. A person who acts for several States chooses one of them."""

    vars().update(fields_of(AssistanceRequest, *PARTS["what"].fields))
    field_order = ["state", "language", "title", "description", "theme", "pillar", "assistance_types", "deliverable"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        own = self.actor.states()
        if self.instance is not None or len(own) == 1:
            del fields["state"]
        else:
            fields["state"].queryset = Organisation.objects.filter(pk__in=[state.pk for state in own])
        fields["instrument"].label_from_instance = attrgetter("in_words")
        fields["pillar"].help_text = _("Only for a theme that belongs to no pillar.")
        grouped: dict[str, list[tuple[str, str]]] = {}
        for theme in Theme.objects.by_pillar():
            grouped.setdefault(pillar_heading(theme), []).append((theme.pk, theme.name))
        fields["theme"].choices = [("", NOTHING), *grouped.items()]

    def clean(self) -> dict[str, Any]:
        """Take the pillar from the theme, and the State from the person's appointment."""
        values = super().clean() or self.cleaned_data
        theme = values.get("theme")
        if theme and theme.pillar_id and "pillar" not in self.errors:
            values["pillar"] = theme.pillar
        elif theme and not values.get("pillar") and "pillar" not in self.errors:
            self.add_error("pillar", _("This theme belongs to no pillar. Select the pillar to which it relates."))
        if "state" not in self.fields and self.instance is None:
            values["state"] = self.actor.states()[0]
        return values


class ForWhomForm(ActorForm):
    """The institution that benefits, the languages of the assistance, and whom to reach."""

    vars().update(fields_of(AssistanceRequest, *PARTS["for-whom"].fields))
    groups = (
        (_("Who benefits"), ("beneficiary", "delivery_languages")),
        (_("National contact: only UNOCT, CTED and the providers that you choose see it"), ()),
    )


class HowMuchForm(ActorForm):
    """By when and how much, and how it is measured."""

    vars().update(fields_of(AssistanceRequest, *PARTS["how-much"].fields))


class TriedForm(ActorForm):
    """What was done before, who else was asked, and conditions."""

    vars().update(fields_of(AssistanceRequest, *PARTS["tried"].fields))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = [] if self.instance is None else asked_rows(self.instance)
        self.numbers = range(min(MOST_ROWS, len(list(now)) + EMPTY_ROWS))
        organisations = [("", NOTHING), *organisations_by_kind([self.instance.state_id])]
        self.organisations = {row.slug: row for row in Organisation.objects.all()}
        for number in self.numbers:
            self._add_row(number, organisations)
        for number, asked in enumerate(now):
            self.initial = {**self.initial, **_of_row(number, asked)}
        asked_fields = [name for name in self.fields if name.startswith("asked_") and name != "asked_nobody_else"]
        self.order_fields(["earlier_help", "no_earlier_help", "asked_nobody_else", *asked_fields, "conditions"])
        self.groups = (  # type: ignore[misc] # one group for each row
            (_("Earlier assistance"), ("earlier_help", "no_earlier_help")),
            (_("Asked elsewhere"), ("asked_nobody_else",)),
            *((_("Asked elsewhere: %(number)d") % {"number": n + 1}, (f"asked_{n}_",)) for n in self.numbers),
            (_("Other conditions"), ()),
        )

    def _add_row(self, number: int, organisations: list[Any]) -> None:
        labels: dict[str, str | Promise] = {
            "organisation": pgettext_lazy("label", "Organization"),
            "name": _("Name, if it is not in the list"),
            "asked_on": _("Asked on"),
            "outcome": pgettext_lazy("label", "Answer"),
        }
        answers = [("", NOTHING), *AskedOutcome.choices]
        made: dict[str, forms.Field] = {
            "organisation": forms.ChoiceField(choices=organisations, required=False),
            "name": Line(required=False, max_length=300),
            "asked_on": DayField(required=False),
            "outcome": forms.ChoiceField(choices=answers, required=False),
        }
        for name, field in made.items():
            field.label = labels[name]  # type: ignore[assignment]
            self.fields[f"asked_{number}_{name}"] = field

    def clean(self) -> dict[str, Any]:
        """Return the values with the rows of others who were asked as one list; empty rows are left out."""
        values = {name: value for name, value in self.cleaned_data.items() if not _is_of_row(name)}
        found = []
        for number in self.numbers:
            row = {part: self.cleaned_data.get(f"asked_{number}_{part}") for part in AskedRow._fields}
            if any(row.values()):
                organisation = self.organisations.get(row["organisation"] or "")
                if not row["outcome"]:
                    self.add_error(f"asked_{number}_outcome", _("Select what came of it."))
                    continue
                found.append(AskedRow(organisation, row["name"] or "", row["asked_on"], row["outcome"]))
        return {**values, "asked_elsewhere": found}

    def add_errors(self, error: Invalid) -> None:
        """Add the errors of rows to the field in which a name is missing."""
        named: Mapping[str, Any] = {
            f"asked_{name.rpartition('.')[2]}_organisation" if name.startswith("asked_elsewhere.") else name: texts
            for name, texts in error.errors.items()
        }
        super().add_errors(Invalid(named))


def _is_of_row(name: str) -> bool:
    return name.startswith("asked_") and name != "asked_nobody_else"


def _of_row(number: int, asked: AskedRow) -> dict[str, Any]:
    values = {**asked._asdict(), "organisation": asked.organisation.slug if asked.organisation else ""}
    return {f"asked_{number}_{name}": value for name, value in values.items()}


class AudienceField(forms.MultipleChoiceField):
    """Whom a State allows to read a request: standing groups, organizations and working groups, by their words."""

    widget = OrganisationTicks

    def offer(self, state_id: object, *, within: frozenset[int] | None = None) -> None:
        """Offer everybody but the State itself and CTED, which read it anyway; with `within`, those in these groups."""
        standing, kinds, groups = STANDING, organisations_by_kind([state_id]), list(WorkingGroup.objects.by_name())
        if within is not None:
            words = _words_within(within)
            standing = [(word, label) for word, label in STANDING if STANDING_WORDS[word] in within]
            kinds = [(kind, found) for kind, rows in kinds if (found := [row for row in rows if row[0] in words])]
            groups = [group for group in groups if group.group_id in within]
        named = [(group.slug, group.name) for group in groups]
        self.choices = [
            *([(pgettext_lazy("of recipients", "Groups"), standing)] if standing else []),
            *kinds,
            *([(_("Working groups"), named)] if named else []),
        ]


def _words_within(groups: frozenset[int]) -> set[str]:
    """Return the short names of the organizations that these groups include."""
    return {
        row.slug for row in Organisation.objects.all() if groups & {row.group_id, *standing_of(row, Role.FOCAL_POINT)}
    }


STANDING = [
    ("compact", _("UNOCT and Compact focal points")),
    ("states", _("All Member State focal points")),
    ("donors", _("Donor contacts")),
]


class NoteForm(ActorForm):
    """The note verbale, who may read the request, and what it considers."""

    note_verbale = forms.FileField(
        label=_("Note verbale"), required=False, allow_empty_file=True,
        help_text=_("For example a PDF file. Your State, UNOCT and CTED can open it."),
    )  # fmt: skip
    vars().update(
        fields_of(AssistanceRequest, *(name for name in PARTS["note"].fields if name not in ENTERED_OTHERWISE))
    )
    audience_allowed = AudienceField(
        label=_("Who may read it"), required=False,
        help_text=_("UNOCT circulates the request to these recipients or to fewer, never to others."),
    )  # fmt: skip
    until = EndField(label=_("May be read until"), no_end=_("Until you withdraw it"))
    field_order = ["note_verbale", "note_number", "note_dated", "note_to_follow", "audience_allowed", "until"]
    groups = (
        (_("Note verbale"), ("note_verbale", "note_number", "note_dated", "note_to_follow")),
        (_("Who may read it, and until when"), ("audience_allowed", "until", "closes_for_offers")),
        (considerations.HEADING, ()),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience: Any = self.fields["audience_allowed"]
        audience.offer(self.instance.state_id)
        if not self.initial.get("audience_allowed"):
            self.initial["audience_allowed"] = ["compact"]
        if self.instance.note_verbale is not None:
            words = _("“%(name)s” is already attached. It stays unless you choose another file.")
            self.fields["note_verbale"].help_text = words % {"name": self.instance.note_verbale.name}


def step_name(step: str) -> str:
    """Return the name of the address of a step of the form."""
    return AssistanceRequest.url_name(f"edit-{step}")


def check_name(step: str) -> str:
    """Return the name of the address that checks what is entered in a step of the form."""
    return AssistanceRequest.url_name(f"check-{step}")


# The steps of the form: the last part of its address, its heading, and its fields.
FORMS: Mapping[str, type[ActorForm]] = {
    "what": WhatForm, "for-whom": ForWhomForm, "how-much": HowMuchForm, "tried": TriedForm, "note": NoteForm,
}  # fmt: skip
STEPS: Mapping[str, tuple[str | Promise, type[ActorForm]]] = {
    name: (part.heading, FORMS[name]) for name, part in PARTS.items()
}
