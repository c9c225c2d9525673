"""Forms of recommendations, of the steps of a visit, of the State's reply and of ratings."""

from operator import attrgetter
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assistance.access import policy
from assistance.needs.models import Need
from assistance.pages.fields import TicksField, name_in_words
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from assistance.recommendations import rating
from assistance.recommendations.letters import LABELS
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.recommendations.rules import letters_of
from assistance.visits.models import Section, Visit
from entities.models import Theme
from web.date_fields import DayField
from web.forms import Line, PlainText, fields_of
from web.texts import REMARK_MAX


class RecommendationForm(RecordForm):
    """A recommendation of the report of one visit, which the page names."""

    visit: Visit

    vars().update(
        fields_of(
            Recommendation, "number", "section", "title", "text", "theme", "instrument", "provisions", "priority",
            "priority_reason", "needs", needs=TicksField,
        )
    )  # fmt: skip
    field_order = ["number", "section", "language", "title", "text"]

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        sections = policy.visible(self.actor, Section).filter(visit=visit).select_related("visit__state")
        fields["section"].queryset = sections.order_by("number")
        fields["theme"].queryset = Theme.objects.by_pillar()
        fields["instrument"].label_from_instance = attrgetter("in_words")
        needs = policy.visible(self.actor, Need).filter(state=visit.state_id).select_related("state")
        fields["needs"].queryset = needs.order_by("-modified_at", "-id")
        for name in ("section", "needs"):
            name_in_words(fields[name])


# ── Steps of a visit ─────────────────────────────────────────────────────────
class AgreedForm(ActorForm):
    agreed_on = DayField(label=_("Agreed on"), required=False, help_text=_("Today, if you leave it empty."))


class ObserveForm(ActorForm):
    vars().update(fields_of(Observation, "language", "text"))
    file = forms.FileField(
        label=_("Or a file"), required=False, allow_empty_file=True,
        help_text=_("For example a PDF file. Only your State and CTED can open it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False
        self.initial.setdefault("language", get_language() or settings.LANGUAGE_CODE)


class AdoptForm(ActorForm):
    adopted_on = DayField(label=_("Adopted on"), required=False, help_text=_("Today, if you leave it empty."))


class CancelForm(ActorForm):
    reason = PlainText(label=pgettext_lazy("label", "Reason"), max_length=REMARK_MAX)


class LetterForm(ActorForm):
    letter = forms.ChoiceField(
        label=pgettext_lazy("label", "Letter"), choices=list(LABELS.items()), widget=forms.RadioSelect
    )
    number = Line(label=_("Number of the letter"), required=False, max_length=100)
    sent_on = DayField(label=_("Sent on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["letter"]
        field.choices = [(name, LABELS[name]) for name in letters_of(self.instance)]


VISIT_FORMS: dict[str, type[ActorForm]] = {
    "record-host-consent": AgreedForm,
    "send-draft": EmptyForm,
    "observe": ObserveForm,
    "adopt": AdoptForm,
    "send-final": EmptyForm,
    "reply": EmptyForm,
    "record-letter": LetterForm,
    "cancel": CancelForm,
}


# ── What is said of a recommendation ─────────────────────────────────────────
class ResponseForm(ActorForm):
    """One row of the State's reply."""

    vars().update(fields_of(Response, "said", "action", "on", "language"))
    evidence = forms.FileField(label=_("Evidence (a file)"), required=False, allow_empty_file=True)
    field_order = ["said", "action", "on", "language", "evidence"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("language", get_language() or settings.LANGUAGE_CODE)


class RateForm(ActorForm):
    vars().update(fields_of(Rating, "rated", "why", "language"))
    basis = forms.ModelChoiceField(
        label=_("Based on"), queryset=Visit.objects.none(), required=False, empty_label=_("Review from the desk"),
        help_text=_("A later visit to this State, or a review from the desk."),
    )  # fmt: skip
    field_order = ["rated", "why", "basis", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["basis"]
        field.queryset = rating.bases(self.actor, self.instance).select_related("state")
        name_in_words(field)
        self.initial["language"] = get_language() or settings.LANGUAGE_CODE


class LeaveForm(ActorForm):
    reason = PlainText(label=pgettext_lazy("label", "Reason"), max_length=REMARK_MAX)


FORMS: dict[str, type[ActorForm]] = {"rate": RateForm, "leave-needs": LeaveForm}
