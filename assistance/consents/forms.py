"""Forms with which a State releases parts of a report and needs, or withdraws a release."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assistance.consents import transitions as consents
from assistance.consents.summaries import Item
from assistance.pages.forms import ActorForm
from entities.actors import CTED
from entities.local_days import offset_of, today_of
from entities.models import Kind, Organisation, WorkingGroup
from web.date_fields import EndField
from web.exceptions import Invalid
from web.forms import PlainText
from web.texts import REMARK_MAX

COMPACT, ORGANISATIONS, GROUPS = "compact", "organisations", "working_groups"
AUDIENCES = [
    (COMPACT, _("UNOCT and Compact focal points")),
    (ORGANISATIONS, _("Only organizations that I select")),
    (GROUPS, _("A working group")),
]
ALSO = [("donors", _("Donor contacts")), ("states", _("All Member State focal points"))]
KINDS = {
    Kind.COMPACT_ENTITY: _("Entities of the Compact"),
    Kind.SECURITY_COUNCIL_BODY: _("Security Council bodies"),
    Kind.PARTNER: pgettext_lazy("organization type", "Partners"),
    Kind.MEMBER_STATE: _("Member States"),
    Kind.OBSERVER_STATE: _("Observer States"),
}


class ItemTicks(forms.CheckboxSelectMultiple):
    """Rows to tick, each with the text that will be released."""

    template_name = "assistance/consents/share_items.html"


class OrganisationTicks(forms.CheckboxSelectMultiple):
    """Organisations to tick, in a collapsed section for each kind; a kind with ticked organisations is expanded."""

    template_name = "assistance/consents/share_organisations.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["kinds"] = [
            {"label": kind, "options": options, "ticked": sum(option["selected"] for option in options)}
            for kind, options, _index in context["widget"]["optgroups"]
        ]
        return context


class ShareForm(ActorForm):
    """What is released, to whom and until when. `audience` is the audience as `consents.release` accepts it."""

    chosen = forms.MultipleChoiceField(
        label=_("Items to release"), widget=ItemTicks, help_text=_("Open the text to read it as other users will."),
        error_messages={"required": _("Select at least one section or need.")},
    )  # fmt: skip
    to = forms.ChoiceField(label=_("Who can read it"), choices=AUDIENCES, initial=COMPACT, widget=forms.RadioSelect)
    organisations = forms.MultipleChoiceField(
        label=pgettext_lazy("label", "Organizations"), required=False, widget=OrganisationTicks,
        help_text=_("For “Only organizations that I select”. With “A working group”, these organizations are "
                    "added to it."),
    )  # fmt: skip
    working_groups = forms.MultipleChoiceField(
        label=_("Working groups"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For “A working group”. With selected organizations, these working groups are added to them."),
    )  # fmt: skip
    also = forms.MultipleChoiceField(
        label=_("Additional audiences"), required=False, choices=ALSO, widget=forms.CheckboxSelectMultiple
    )
    until = EndField(
        label=pgettext_lazy("date", "Until"),
        no_end=_("Until you withdraw it"),
        help_text=_("The last day on which they can read it."),
    )
    reason = PlainText(
        label=pgettext_lazy("label", "Remark"),
        required=False,
        max_length=REMARK_MAX,
        help_text=_("Only CTED and your State can read it."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100_000)

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        self.items = items
        super().__init__(*args, **kwargs)
        self._choose_from("chosen", [(item.key, item) for item in self.items])
        self._choose_from("organisations", organisations_by_kind(item.row.state_id for item in self.items))
        self._choose_from("working_groups", [(group.slug, group.name) for group in WorkingGroup.objects.all()])
        self._tell_the_clock(self.items[0].row.state if self.items else None)
        self.initial["seen"] = " ".join(f"{item.row.pk}={item.row.version}" for item in self.items)
        if len(self.items) == 1:
            self.initial["chosen"] = [self.items[0].key]

    def _choose_from(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _tell_the_clock(self, state: Organisation | None) -> None:
        """Say whose day the last day is; without anything to release there is no State."""
        if state is None:
            return
        self.fields["until"].help_text = gettext(
            "The last day on which they can read it, until midnight in %(place)s (%(offset)s)."
        ) % {"place": state.name, "offset": offset_of(state, today_of(state))}

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        try:
            if self.items:
                consents.check_until(until, self.items[0].row.state)
        except Invalid as error:
            raise forms.ValidationError([str(text) for text in error.errors["until"]]) from None
        return until

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError when the ticked organisations contradict the chosen audience."""
        values = self.cleaned_data
        to, organisations, groups = (values.get(name) for name in ("to", "organisations", "working_groups"))
        if to == ORGANISATIONS and not organisations and "organisations" not in self.errors:
            self.add_error("organisations", _("Select at least one organization."))
        if to == GROUPS and not groups and "working_groups" not in self.errors:
            self.add_error("working_groups", _("Select at least one working group."))
        if to == COMPACT and (organisations or groups):
            self.add_error(
                "to", _("You have selected names below. Choose the option that matches them, or clear the selection.")
            )
        return values

    def add_errors(self, error: Invalid) -> None:
        """Add errors of the audience, which consists of several fields, to the first of these fields."""
        errors = {"to" if name == "audience" else name: texts for name, texts in error.errors.items()}
        super().add_errors(Invalid(errors))

    @property
    def rows(self) -> list[Any]:
        """Return the chosen rows."""
        return [item.row for item in self.items if item.key in self.cleaned_data["chosen"]]

    @property
    def audience(self) -> list[str]:
        """Return the audience as keywords ("compact", "donors", "states") and slugs."""
        values = self.cleaned_data
        named = ["compact"] if values["to"] == COMPACT else [*values["organisations"], *values["working_groups"]]
        return [*named, *values["also"]]

    @property
    def versions(self) -> dict[str, int]:
        """Return row id → the version of the text shown on the page; malformed entries are left out."""
        pairs = (pair.partition("=") for pair in self.cleaned_data["seen"].split())
        return {pk: int(number) for pk, _equals, number in pairs if number.isdecimal() and len(number) < 10}

    def read_anew(self, sent: QueryDict) -> QueryDict:
        """Return the submitted data with the versions now shown as those read; the ticks are kept."""
        again = sent.copy()
        again["seen"] = self.initial["seen"]
        return again


class ConfirmForm(ShareForm):
    """The same fields, hidden, with the note verbale: a file can only be submitted with the last page."""

    note_verbale = forms.FileField(
        label=_("Note verbale"),
        required=False,
        allow_empty_file=True,  # the transition validates it
        help_text=_("For example a PDF file. CTED and your State can open it."),
    )


class WithdrawForm(ActorForm):
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"),
        required=False,
        max_length=REMARK_MAX,
        help_text=_("Only CTED and your State can read it."),
    )


def organisations_by_kind(states: Iterable[object]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the organisations a State may name, by kind and name; itself and CTED see everything anyway."""
    rows = Organisation.objects.exclude(slug=CTED).exclude(pk__in=set(states)).by_name()
    ordered = sorted(rows, key=lambda row: list(KINDS).index(Kind(row.kind)))
    return [
        (
            f"{KINDS[Kind(kind)]} ({len(found)})",
            [(o.slug, f"{o.acronym} – {o.name}" if o.acronym and o.acronym != o.name else str(o.name)) for o in found],
        )
        for kind, group in groupby(ordered, key=lambda row: row.kind)
        if (found := list(group))
    ]
