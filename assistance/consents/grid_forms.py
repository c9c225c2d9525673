"""The form of a release: ticks in the grid, audiences to add to it, and until when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assistance import registry
from assistance.consents import transitions as consents
from assistance.consents.forms import OrganisationTicks, organisations_by_kind
from assistance.consents.summaries import Item
from assistance.pages.forms import ActorForm
from entities.local_days import offset_of, today_of
from entities.models import WorkingGroup
from web.date_fields import EndField
from web.exceptions import Invalid
from web.phrases import sentences_lazy


class CellsField(forms.MultipleChoiceField):
    """Ticks of the grid, each ``item|word``. Valid are the items that can be released here and the words of columns."""

    def valid_value(self, value: Any) -> bool:
        item, bar, word = str(value).partition("|")
        return bool(bar) and item in self.items and word in self.words

    def allow(self, items: Iterable[str], words: Iterable[str]) -> None:
        """Set which ticks are valid."""
        self.items, self.words = frozenset(items), frozenset(words)


class ReleaseForm(ActorForm):
    """What is released, to whom and until when. The grid itself is drawn by the page."""

    cells = CellsField(
        label=_("What to release, and to whom"),
        error_messages={"required": _("Select at least one part for at least one audience.")},
    )
    organisations = forms.MultipleChoiceField(
        label=pgettext_lazy("label", "Organizations"), required=False, widget=OrganisationTicks
    )
    working_groups = forms.MultipleChoiceField(
        label=_("Working groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    until = EndField(label=_("End of release"), no_end=_("Until you withdraw it"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100_000)
    change = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10_000)

    def __init__(self, *args: Any, items: Sequence[Item], words: Iterable[str], **kwargs: Any) -> None:
        self.items = items
        super().__init__(*args, **kwargs)
        reads = all(registry.of(item.row).release.cted_reads for item in items)
        states = [item.row.state_id for item in items]
        self._choose_from("organisations", organisations_by_kind(states, cted_reads=reads))
        self._choose_from("working_groups", [(group.slug, group.name) for group in WorkingGroup.objects.by_name()])
        cells: Any = self.fields["cells"]
        cells.allow((item.key for item in items), words)
        self._say_whose_day()
        self.initial["seen"] = " ".join(f"{item.row.pk}={item.row.version}" for item in items)

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {}

    def _say_whose_day(self) -> None:
        """Say by whose clock the last day ends; without anything to release there is no State."""
        texts: list[Any] = [
            _("Applies to every part that you select, including for recipients who already have access.")
        ]
        if self.items:
            state = self.items[0].row.state
            clock = gettext("The last day ends at midnight in %(place)s (%(offset)s).")
            texts.append(clock % {"place": state.name, "offset": offset_of(state, today_of(state))})
        self.fields["until"].help_text = sentences_lazy(*texts)

    def _choose_from(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_until(self) -> date | None:
        """Return the last day. Raises ValidationError for a day that has passed in the State."""
        until: date | None = self.cleaned_data["until"]
        try:
            if self.items:
                consents.check_until(until, self.items[0].row.state)
        except Invalid as error:
            raise forms.ValidationError([str(text) for text in error.errors["until"]]) from None
        return until

    def add_errors(self, error: Invalid) -> None:
        """Add errors of rows and audiences to the grid."""
        named = {"cells" if name in ("", "audience") else name: texts for name, texts in error.errors.items()}
        super().add_errors(Invalid(named))

    @property
    def ticks(self) -> dict[str, set[str]]:
        """Return item → the words ticked for it, of a valid form."""
        found: dict[str, set[str]] = {}
        for value in self.cleaned_data["cells"]:
            item, _bar, word = value.partition("|")
            found.setdefault(item, set()).add(word)
        return found

    @property
    def versions(self) -> Mapping[str, int]:
        """Return row id → the version of the text shown on the page; malformed entries are left out."""
        pairs = (pair.partition("=") for pair in self.cleaned_data["seen"].split())
        return {pk: int(number) for pk, _equals, number in pairs if number.isdecimal() and len(number) < 10}
