"""Forms of needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.needs.models import Need
from assistance.needs.states import CloseReason, Outcome
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from assistance.visits.models import Section, Visit
from entities.models import Organisation
from web.forms import PlainText, fields_of


class NeedForm(RecordForm):
    """A need. From a visit's report, State and visit are preset; elsewhere they are chosen."""

    vars().update(
        fields_of(
            Need, "state", "source", "visit", "section", "title", "description", "pillar", "theme", "instrument",
            "provision", "beneficiary", "assistance_type", "priority", "priority_reason", "baseline", "target",
            "deadline",
        )
    )  # fmt: skip
    field_order = ["state", "source", "visit", "section", "language", "title", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].queryset = Organisation.objects.states().by_name()  # type: ignore[attr-defined]
        self.fields["visit"].queryset = policy.visible(self.actor, Visit)  # type: ignore[attr-defined]
        self.fields["section"].queryset = policy.visible(self.actor, Section).select_related("visit")  # type: ignore[attr-defined]


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
        help_text=_("Only for “partly met”."),
    )  # fmt: skip
    note = PlainText(label=_("Explanation of the outcome"))


class CloseForm(ActorForm):
    reason = forms.ChoiceField(
        label=pgettext_lazy("label", "Reason"), choices=CloseReason.choices, widget=forms.RadioSelect
    )
    note = PlainText(label=pgettext_lazy("label", "Note"), required=False)


FORMS: dict[str, type[ActorForm]] = {
    "put-to-state": EmptyForm,
    "agree": NoteForm,
    "verify": VerifyForm,
    "close": CloseForm,
}


def initial_for(visit: Any, section: Any) -> dict[str, Any]:
    """Return the initial values of a need found at a visit."""
    if visit is None:
        return {}
    return {"visit": visit, "state": visit.state, "source": "visit", "section": section}
