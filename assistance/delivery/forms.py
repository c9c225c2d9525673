"""The forms of delivery: the fields of each transition, a message, and an entry of the log of contacts."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.delivery.fields import report_fields
from assistance.delivery.models import Contact, Feedback
from assistance.delivery.reports import default_period, final_report
from assistance.delivery.states import MESSAGE_MAX, TRAINED
from assistance.needs.match_forms import ReasonForm, StepForm
from assistance.pages.forms import ActorForm
from entities.local_days import today_of
from web.forms import PlainText, fields_of
from web.texts import REMARK_MAX


class _ReportForm(StepForm):
    """A report with its figures; the period begins where the last one ended."""

    groups: ClassVar[Any] = (
        (_("The report"), ("what", "note", "period_from", "period_to")),
        (_("People trained"), TRAINED),
        (_("Other numbers"), ("expert_days", "places_used", "confirm_large")),
        (_("More about the assistance"), ("languages", "documents", "is_final")),
    )

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the period that is due, and no numbers."""
        first, last = default_period(instance)
        return {**super().initial_of(instance), "period_from": first, "period_to": last}


class ReportForm(_ReportForm):
    what = PlainText(
        label=_("What was done"),
        help_text=_("For example what took place, when and where. The State, CTED and UNOCT read it."),
    )
    vars().update(report_fields())
    is_final = forms.BooleanField(
        label=_("This is the final report"), required=False,
        help_text=_("After it you report the delivery. It needs a number, or a document."),
    )  # fmt: skip


class DeliverForm(_ReportForm):
    """The delivery, with the final report in the same form; without its fields where a final report was sent before."""

    note = PlainText(
        label=_("Assistance delivered"),
        help_text=_("Enter what was delivered, when, where and for how many people. CTED verifies this information."),
    )
    vars().update(report_fields())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.final = final_report(self.instance)
        if self.final is not None:
            for name in [name for name in self.fields if name not in ("note", "documents", "version")]:
                del self.fields[name]
            self.fields["note"].required = False
            self.fields["note"].help_text = _("May be left empty: the text of your final report is then shown.")


class EndForm(ReasonForm):
    step = "could-not-help"
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"), help_text=_("The State is asked whether this is so, and reads it.")
    )


class NotReachableForm(StepForm):
    reason = PlainText(
        label=_("What you have tried"),
        help_text=_("The State is asked whether this is so, and reads it. Your log of contacts is shown beside it."),
    )


class ConfirmEndForm(StepForm):
    note = PlainText(label=pgettext_lazy("label", "Note"), required=False, max_length=REMARK_MAX)


class DisputeForm(StepForm):
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"), max_length=REMARK_MAX,
        help_text=_("For example whom the provider can reach, and how. The provider and CTED read it."),
    )  # fmt: skip


YES_NO = (("yes", pgettext_lazy("choice", "Yes")), ("no", pgettext_lazy("choice", "No")))
USEFUL = (
    (5, pgettext_lazy("usefulness", "5: very useful")),
    (4, pgettext_lazy("usefulness", "4: useful")),
    (3, pgettext_lazy("usefulness", "3: useful in part")),
    (2, pgettext_lazy("usefulness", "2: of little use")),
    (1, pgettext_lazy("usefulness", "1: of no use")),
)


def _yes_or_no(label: Any) -> Any:
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, coerce=lambda value: value == "yes", empty_value=None, widget=forms.RadioSelect
    )


class FeedbackForm(StepForm):
    useful = forms.TypedChoiceField(
        label=_("How useful was the assistance?"), choices=USEFUL, coerce=int, widget=forms.RadioSelect
    )
    on_time = _yes_or_no(_("Was it given on time?"))
    would_ask_again = _yes_or_no(_("Would you ask this provider again?"))
    words = PlainText(
        label=_("In your words"), required=False, max_length=REMARK_MAX,
        help_text=_("The provider, CTED and UNOCT read it. No other provider does."),
    )  # fmt: skip

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return what was said before, which may still be changed."""
        given = Feedback.objects.filter(match=instance).first()
        said = {}
        if given is not None:
            answers = {name: "yes" if getattr(given, name) else "no" for name in ("on_time", "would_ask_again")}
            said = {"useful": given.useful, "words": given.words, **answers}
        return {**super().initial_of(instance), **said}


FORMS: dict[str, type[ActorForm]] = {
    "report": ReportForm,
    "deliver": DeliverForm,
    "could-not-help": EndForm,
    "not-reachable": NotReachableForm,
    "confirm-end": ConfirmEndForm,
    "dispute": DisputeForm,
    "feedback": FeedbackForm,
}


class MessageForm(ActorForm):
    text = PlainText(
        label=pgettext_lazy("label", "Message"), max_length=MESSAGE_MAX,
        help_text=_("The State, the provider, CTED and UNOCT read it. It cannot be changed afterwards."),
    )  # fmt: skip

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {}


class ContactForm(ActorForm):
    vars().update(fields_of(Contact, "on", "how", "purpose", "result", "next_step"))

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {"on": today_of(instance.provider)}
