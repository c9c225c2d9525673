"""Forms of visits and the sections of their reports."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.pages.fields import TicksField, name_in_words
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from assistance.visits.models import Section, Visit
from entities.models import Organisation
from web.forms import PlainText, fields_of


class DelegationField(TicksField):
    """Entities of the Compact, by their usual short name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.acronym} – {obj.name}" if obj.acronym else str(obj.name)


class VisitForm(ActorForm):
    vars().update(
        fields_of(
            Visit, "state", "kind", "mode", "starts_on", "ends_on", "delegation", "follows", "priority_needs_agreed_on",
            delegation=DelegationField,
        )
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].queryset = Organisation.objects.states().by_name()  # type: ignore[attr-defined]
        self.fields["delegation"].queryset = Organisation.objects.compact().by_name()  # type: ignore[attr-defined]
        earlier = policy.visible(self.actor, Visit).filter(cancelled_on=None, ends_on__lt=timezone.now().date())
        if self.instance is not None:
            earlier = earlier.filter(state=self.instance.state_id).exclude(pk=self.instance.pk)
        self.fields["follows"].queryset = earlier.select_related("state").order_by("-starts_on", "-id")  # type: ignore[attr-defined]
        name_in_words(self.fields["follows"])  # type: ignore[arg-type]


class SectionForm(RecordForm):
    vars().update(fields_of(Section, "number", "title", "text", labels={"number": _("Section number")}))
    field_order = ["number", "language", "title", "text"]


class DeclineForm(ActorForm):
    reason = PlainText(label=pgettext_lazy("label", "Reason"), help_text=_("Only CTED and your State can read it."))


FORMS: dict[str, type[ActorForm]] = {"ask-consent": EmptyForm, "decline-consent": DeclineForm}
