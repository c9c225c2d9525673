"""Forms of the parts of a project: the percentages of its States."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assistance.pages.forms import ActorForm
from assistance.projects import shares
from assistance.projects.states import WHOLE
from web.exceptions import Invalid


class SharesForm(ActorForm):
    """The percentage of each State of a project, one field for each; all empty for none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.states = list(kwargs["instance"].states.all().by_name())
        super().__init__(*args, **kwargs)
        for place, state in enumerate(self.states):
            self.fields[_field(place)] = forms.DecimalField(
                label=state.name, required=False, min_value=0, max_value=WHOLE, max_digits=5, decimal_places=2
            )

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the version of the project and the percentages that it has."""
        now = shares.of_states(instance)
        own = {_field(place): now.get(state.pk) for place, state in enumerate(self.states)}
        return {"version": instance.version, **own}

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data, with the percentages entered as one value."""
        entered = [
            {"state": state, "percent": self.cleaned_data[_field(place)]}
            for place, state in enumerate(self.states)
            if self.cleaned_data.get(_field(place)) is not None
        ]
        return {"version": self.cleaned_data.get("version"), shares.SHARES: entered}

    def add_errors(self, error: Invalid) -> None:
        """Add what is wrong with the sum, or with one State, to the last field."""
        at = _field(len(self.states) - 1)
        super().add_errors(Invalid({at: [text for texts in error.errors.values() for text in texts]}))

    def differences(self, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the States whose stored and submitted percentages differ."""
        entered = {share["state"].pk: share["percent"] for share in yours.get(shares.SHARES, ())}
        mine = {_field(place): entered.get(state.pk) for place, state in enumerate(self.states)}
        return super().differences(theirs, mine)


def _field(place: int) -> str:
    return f"share_{place}"


HINT = _("Enter which part of the project each State has. Leave all fields empty if this is not known.")
