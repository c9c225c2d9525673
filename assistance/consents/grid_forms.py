"""The form of a release: ticks in the grid, audiences to add to it, and until when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.consents import transitions as consents
from assistance.consents.forms import OrganisationTicks, organisations_by_kind
from assistance.consents.summaries import Item
from assistance.pages.forms import ActorForm
from entities.models import WorkingGroup
from web.exceptions import Invalid
from web.forms import DateInput

HALF_A_YEAR, YEAR, OPEN, DAY = "6", "12", "open", "day"


def months_on(months: int) -> date:
    """Return the day so many months from today, or the last day of that month."""
    today = timezone.now().date()
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    for day in (today.day, 30, 29, 28):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


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

    cells = CellsField(label=_("What, and to whom"), error_messages={"required": _("Tick at least one part.")})
    organisations = forms.MultipleChoiceField(
        label=pgettext_lazy("label", "Organizations"), required=False, widget=OrganisationTicks
    )
    working_groups = forms.MultipleChoiceField(
        label=_("Working groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ends = forms.ChoiceField(
        label=_("Until when"), widget=forms.RadioSelect,
        help_text=_("It applies to every part that you tick, also for those who can read it already."),
    )  # fmt: skip
    until = forms.DateField(label=_("The other date"), required=False, widget=DateInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100_000)
    change = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10_000)

    def __init__(self, *args: Any, items: Sequence[Item], words: Iterable[str], **kwargs: Any) -> None:
        self.items = items
        super().__init__(*args, **kwargs)
        self._choose_from("organisations", organisations_by_kind(item.row.state_id for item in items))
        self._choose_from("working_groups", [(group.slug, group.name) for group in WorkingGroup.objects.all()])
        self._choose_from("ends", self.end_choices())
        cells: Any = self.fields["cells"]
        cells.allow((item.key for item in items), words)
        self.fields["until"].widget.attrs["min"] = timezone.now().date().isoformat()
        self.initial["seen"] = " ".join(f"{item.row.pk}={item.row.version}" for item in items)

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {}

    def end_choices(self) -> list[tuple[str, Any]]:
        """Return the quick choices of an end, each with its day in words."""
        half, year = (date_format(months_on(int(months)), "DATE_FORMAT") for months in (HALF_A_YEAR, YEAR))
        return [
            (HALF_A_YEAR, _("6 months: %(day)s") % {"day": half}),
            (YEAR, _("1 year: %(day)s") % {"day": year}),
            (OPEN, _("Until you withdraw it")),
            (DAY, _("Another date")),
        ]

    def _choose_from(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Set `until` to the day chosen. Raises ValidationError for another date that is absent or has passed."""
        values = self.cleaned_data
        ends = values.get("ends")
        if ends in (HALF_A_YEAR, YEAR):
            values["until"] = months_on(int(ends))
        elif ends == OPEN:
            values["until"] = None
        elif ends == DAY and "until" not in self.errors:
            self._check_until(values.get("until"))
        return values

    def _check_until(self, until: date | None) -> None:
        if until is None:
            self.add_error("until", _("Give the last day, or choose another line."))
            return
        try:
            consents.check_until(until)
        except Invalid as error:
            self.add_errors(error)

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
