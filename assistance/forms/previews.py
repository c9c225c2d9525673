"""Whose eyes a State borrows to read its own report or need."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assistance.forms.base import ActorForm
from assistance.forms.consents import organisations_by_kind
from entities.models import Organisation


class ReaderForm(ActorForm):
    """An organisation, and whether to suppose that the row is released to it."""

    reader = forms.ChoiceField(label=_("See it as a reader of"))
    suppose = forms.BooleanField(
        label=_("As if it were released to them"), required=False,
        help_text=_("Without the tick: as it is today."),
    )  # fmt: skip

    plan = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def narrow(self) -> None:
        kinds = organisations_by_kind([self.instance.state_id])
        self.fields["reader"].choices = [("", _("Choose an organisation")), *kinds]  # type: ignore[attr-defined]

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {}

    @property
    def organisation(self) -> Organisation:
        """Return the organisation chosen."""
        return Organisation.objects.get(slug=self.cleaned_data["reader"])
