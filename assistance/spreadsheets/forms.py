"""Forms to return a spreadsheet and to apply its changes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from assistance.pages.forms import ActorForm, EmptyForm
from assistance.spreadsheets.preview import NOW, YOURS, preview_of
from assistance.spreadsheets.states import SpreadsheetStatus
from web.exceptions import Invalid, NotVisible
from web.phrases import labelled

CHOICE = "choice_"


class ReturnForm(ActorForm):
    file = forms.FileField(
        label=pgettext_lazy("label", "Spreadsheet"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "The file that you downloaded from the portal and filled in (xlsx). Nothing is changed yet."
        ),
    )


class ApplyForm(ActorForm):
    """A choice for each conflict, and the confirmation that refused rows are left out."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.status != SpreadsheetStatus.RECEIVED:
            return
        try:
            found = preview_of(self.actor, self.instance)
        except NotVisible:
            return
        self.initial["seen"] = found.digest
        for cell in found.conflicts:
            self.fields[CHOICE + cell.address] = forms.ChoiceField(
                label=f"{cell.address} · {cell.label}",
                choices=[
                    (YOURS, labelled(_("Your entry"), _short(cell.yours_in_words))),
                    (NOW, labelled(pgettext("spreadsheet", "In the portal now"), _short(cell.now_in_words))),
                ],
                widget=forms.RadioSelect,
            )
        if found.refused and found.has_something:
            count = len(found.refused)
            text = ngettext(
                "Leave out %(count)s row that cannot be applied",
                "Leave out %(count)s rows that cannot be applied",
                count,
            )
            self.fields["leave_refused"] = forms.BooleanField(label=text % {"count": count}, required=True)

    def values_and_version(self) -> tuple[dict[str, Any], int | None]:
        """Return the arguments of the transition, and apart from them the version that the user has read."""
        values, version = super().values_and_version()
        choices = {name.removeprefix(CHOICE): values.pop(name) for name in list(values) if name.startswith(CHOICE)}
        return {**values, "choices": choices}, version

    def add_errors(self, error: Invalid) -> None:
        """Add errors at cells to the form as a whole, each with the address of its cell."""
        at_cells = {name: texts for name, texts in error.errors.items() if name not in self.fields}
        for name, texts in at_cells.items():
            for text in texts:
                self.add_error(CHOICE + name if CHOICE + name in self.fields else None, labelled(name, text))
        super().add_errors(Invalid({name: texts for name, texts in error.errors.items() if name in self.fields}))


def _short(text: str) -> str:
    return (text if len(text) <= SHOWN else f"{text[:SHOWN]}…") or pgettext("spreadsheet", "empty")


SHOWN = 120  # characters of an entry beside its choice; the whole stands in the table
FORMS: dict[str, type[ActorForm]] = {"apply": ApplyForm, "discard": EmptyForm}
