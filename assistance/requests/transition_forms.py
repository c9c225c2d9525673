"""The fields of each transition of a request."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.needs.models import Match
from assistance.needs.states import MatchStatus, Priority
from assistance.pages.forms import ActorForm, EmptyForm
from assistance.requests.circulation import last_day_for_offers
from assistance.requests.forms import AudienceField
from assistance.requests.letters import LABELS
from assistance.requests.models import Question
from assistance.requests.rules import allowed_groups
from assistance.requests.specificity import label_of
from assistance.requests.states import YearAnswer
from assistance.requests.transitions import RETURNABLE
from assistance.workflow.naming import with_names
from web.date_fields import DayField
from web.forms import Line, PlainText
from web.phrases import percent
from web.texts import REMARK_MAX


class ReasonForm(ActorForm):
    reason = PlainText(label=pgettext_lazy("label", "Reason"), max_length=REMARK_MAX)


class AttachForm(ActorForm):
    note_verbale = forms.FileField(
        label=_("Note verbale"), allow_empty_file=True,
        help_text=_("For example a PDF file. Your State, UNOCT and CTED can open it."),
    )  # fmt: skip


class AuthenticateForm(ActorForm):
    note_number = Line(label=_("Number of the note verbale"), required=False, max_length=100)
    note_dated = DayField(label=_("Date of the note verbale"), required=False)
    how = Line(
        label=_("Or: how the Mission confirmed it"), required=False, max_length=500,
        help_text=_("For example: confirmed with the Mission by telephone, second secretary, 3 March."),
    )  # fmt: skip


class ReturnForm(ActorForm):
    parts = forms.MultipleChoiceField(label=_("Parts to be changed"), widget=forms.CheckboxSelectMultiple)
    reason = PlainText(label=_("What is unclear"), max_length=REMARK_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = [(name, label_of(name)) for name in RETURNABLE]  # type: ignore[attr-defined]


class CirculateForm(ActorForm):
    audience = AudienceField(
        label=pgettext_lazy("label", "Recipients"), help_text=_("Only recipients that the State has allowed.")
    )
    closes_for_offers = DayField(label=_("Offers until"))
    priority = forms.ChoiceField(label=pgettext_lazy("label", "Priority"), choices=Priority.choices)
    priority_reason = PlainText(label=_("Reason for the priority"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience: Any = self.fields["audience"]
        audience.offer(self.instance.state_id, within=allowed_groups(self.instance))

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return what the State allowed, and the day that it set or the one by default."""
        return {
            "version": instance.version, "audience": instance.audience_allowed,
            "closes_for_offers": last_day_for_offers(instance), "priority": Priority.MEDIUM,
        }  # fmt: skip


class AskForm(ActorForm):
    text = PlainText(label=_("Your question"), max_length=REMARK_MAX)


class AnswerForm(ActorForm):
    question: "forms.ModelChoiceField[Question]" = forms.ModelChoiceField(
        Question.objects.none(), label=pgettext_lazy("label", "Question"), widget=forms.RadioSelect, empty_label=None
    )
    answer = PlainText(label=pgettext_lazy("label", "Answer"), max_length=REMARK_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["question"]
        field.queryset = self.instance.questions.filter(answered_at=None)
        field.label_from_instance = lambda question: format_html("<bdi>{}</bdi>", question.text)
        self.initial.setdefault("question", field.queryset.first())


class ChooseForm(ActorForm):
    matches: "forms.ModelMultipleChoiceField[Match]" = forms.ModelMultipleChoiceField(
        Match.objects.none(),
        label=_("Offers to accept"),
        widget=forms.CheckboxSelectMultiple,
    )
    decline_others = forms.BooleanField(
        label=_("Decline all other offers"), required=False,
        help_text=_("The other providers will see that another provider was chosen."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        matches: Any = self.fields["matches"]
        proposed = policy.visible(self.actor, Match).filter(status=MatchStatus.PROPOSED)
        matches.queryset = with_names(proposed.filter(need__assistance_requests=self.instance))
        matches.label_from_instance = _in_words


def _in_words(match: Match) -> SafeString:
    """Return what tells the offers for one request apart: who, how much, and which type of assistance."""
    parts = (match.provider.short, percent(match.share), match.need.get_assistance_type_display())
    return format_html_join(" · ", "<bdi>{}</bdi>", ((part,) for part in parts))


class ReferForm(ActorForm):
    body = Line(
        label=_("Body to which it is referred"), max_length=300,
        help_text=_("For example: Security Council Committee established pursuant to resolution 1540 (2004)."),
    )  # fmt: skip
    agreed_how = Line(label=_("How the State agreed"), max_length=500)


class LetterForm(ActorForm):
    letter = forms.ChoiceField(
        label=pgettext_lazy("label", "Letter"), choices=list(LABELS.items()), widget=forms.RadioSelect
    )
    number = Line(label=_("Number of the letter"), required=False, max_length=100)
    sent_on = DayField(label=_("Sent on"))


class YearForm(ActorForm):
    answer = forms.ChoiceField(label=_("Has the need been met?"), choices=YearAnswer.choices, widget=forms.RadioSelect)
    note = PlainText(label=pgettext_lazy("label", "Note"), required=False, max_length=REMARK_MAX)


FORMS: dict[str, type[ActorForm]] = {
    "attach-note": AttachForm,
    "submit": EmptyForm,
    "confirm": EmptyForm,
    "take-back": ReasonForm,
    "authenticate": AuthenticateForm,
    "refuse": ReasonForm,
    "confirm-refusal": EmptyForm,
    "drop-refusal": EmptyForm,
    "acknowledge": EmptyForm,
    "no-objection": EmptyForm,
    "object": ReasonForm,
    "send-back": ReturnForm,
    "circulate": CirculateForm,
    "ask": AskForm,
    "answer": AnswerForm,
    "choose": ChooseForm,
    "confirm-choice": EmptyForm,
    "drop-choice": EmptyForm,
    "refer": ReferForm,
    "record-letter": LetterForm,
    "report-after-year": YearForm,
    "withdraw": ReasonForm,
}
