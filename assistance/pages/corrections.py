"""Pages of corrections that readers propose of single fields of a row: the form, the answers, and one correction."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.pages.forms import ActorForm
from assistance.pages.views import RecordDetailView, RecordFormView
from assistance.workflow import corrections
from assistance.workflow.corrections import Corrections, text_of
from web.exceptions import Forbidden
from web.forms import PlainText


class CorrectForm(ActorForm):
    """A change of one field of a row, and why. A subclass gives `field` its choices, and the texts their help."""

    field = forms.ChoiceField(label=_("What should be corrected"))
    proposed = PlainText(label=_("Proposed entry"), required=False)
    why = PlainText(label=pgettext_lazy("label", "Reason"))

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {}


class AcceptForm(ActorForm):
    """The answer of the owner who accepts."""

    note = PlainText(label=pgettext_lazy("label", "Note"), required=False)


class RefuseForm(ActorForm):
    """Why the owner does not accept."""

    reason = PlainText(label=pgettext_lazy("label", "Reason"), help_text=_("Whoever proposed the correction reads it."))


FORMS: dict[str, type[ActorForm]] = {"accept": AcceptForm, "refuse": RefuseForm}


class CorrectionPage(RecordDetailView):
    """One correction; where the field has been changed since, with what it says now."""

    template_name = "assistance/pages/correction.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"now": corrections.stale(self.object), **kwargs})


class Correct(RecordFormView):
    """Propose a correction of a row. `kind` says how its kind takes them, `sent` what the proposer is told."""

    template_name = "assistance/pages/correct.html"
    title = _("Propose a correction")
    submit = pgettext_lazy("button", "Submit proposal")
    kind: ClassVar[Corrections]
    sent: ClassVar[str | Promise]

    def get_object(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        if self.kind.proposing(self.actor, row) is None:
            raise Forbidden(url=row.get_absolute_url())
        return row

    def propose(self, **values: Any) -> None:
        """Call the function that proposes the correction."""
        raise NotImplementedError

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values, _version = form.values_and_version()
        self.propose(**values)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names: Any = self.kind.fields
        entries = [(field.label, text_of(self.object, field)) for field in names]
        own = {"keep": f"correct-{self.object.pk}", "subject": self.object, "entries": entries}
        return super().get_context_data(**{**own, **kwargs})

    def get_success_message(self) -> str:
        return str(self.sent)
