"""Forms of offers."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from assistance.pages.fields import RegionsField, StatesField, ThemesField
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from assistance.projects.models import Project
from assistance.workflow.naming import with_names
from entities.local_days import today_at
from entities.models import Appointment, Organisation
from web.date_fields import EndField
from web.exceptions import Invalid
from web.forms import PlainText, fields_of
from web.lists import enumerated
from web.phrases import with_remark


class OfferForm(RecordForm):
    """An offer of an organisation for which the actor acts."""

    vars().update(
        fields_of(
            Offer, "provider", "title", "description", "themes", "assistance_types", "for_states", "for_regions",
            "eligibility", "visible_to_named_only", "places", "expert_days", "amount", "currency", "working_languages",
            "opens_on", "closes_on", "cost_to_state", "cost_note", "conditions", "lead_time_days", "contact_appointment",
            "project",
            labels={"visible_to_named_only": _("Only the States selected above see this offer")},
            help_texts={"for_states": _("If you select no State and no region, the offer is for all States.")},
            themes=ThemesField, for_states=StatesField, for_regions=RegionsField,
            closes_on=partial(EndField, no_end=_("No last day")),  # type: ignore[arg-type]
        )
    )  # fmt: skip
    confirmed = forms.BooleanField(
        label=_("Save although more is committed to matches"), required=False, widget=forms.HiddenInput
    )
    field_order = ["provider", "language", "title", "description"]
    groups = (
        (_("The offer"), ("provider", "language", "title", "description", "themes", "assistance_types")),
        (_("For whom"), ("for_states", "for_regions", "eligibility", "visible_to_named_only", "working_languages")),
        (
            _("How much and when"),
            ("places", "expert_days", "amount", "currency", "confirmed", "opens_on", "closes_on", "lead_time_days"),
        ),
        (_("Cost, conditions and contact"), ()),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.actor.providers()
        self.fields["provider"].queryset = Organisation.objects.filter(pk__in=[o.pk for o in own])  # type: ignore[attr-defined]
        for name in ("for_states", "for_regions"):
            self.fields[name].sort()  # type: ignore[attr-defined]
        if len(own) == 1:
            self.initial.setdefault("provider", own[0].pk)
        self._offer_related([one.pk for one in own])
        self.initial["confirmed"] = False

    def _offer_related(self, own: list[UUID]) -> None:
        """Offer the people who act for the organizations of the actor, and the projects that these lead."""
        fields: dict[str, Any] = self.fields
        people = Appointment.objects.listed().filter(organisation__in=own).select_related("user", "organisation")
        fields["contact_appointment"].queryset = people.order_by("organisation__slug", "user__name", "pk")
        fields["contact_appointment"].label_from_instance = in_post
        led = policy.visible(self.actor, Project).filter(lead__in=own)
        fields["project"].queryset = with_names(led).order_by("-modified_at", "-id")

    def add_errors(self, error: Invalid) -> None:
        """Add the errors of a domain rule to their fields; show the box that confirms the change where it is asked for."""
        if "confirmed" in error.errors:
            self.fields["confirmed"].widget = forms.CheckboxInput()
        super().add_errors(error)


def in_post(appointment: Appointment) -> str:
    """Return a person as the list of contact persons names them, with their role and organization."""
    return with_remark(
        appointment.user.name, enumerated([appointment.get_role_display(), appointment.organisation.short])
    )


class WithdrawForm(ActorForm):
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"), required=False, help_text=_("Recorded in the history of the offer.")
    )


class IntoForm(ActorForm):
    """The other offer of the same provider, into which an offer is merged."""

    into: "forms.ModelChoiceField[Offer]" = forms.ModelChoiceField(
        Offer.objects.none(), label=_("The offer that stays"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = Q(closes_on__isnull=True) | Q(closes_on__gte=today_at("provider__time_zone"))
        others = policy.visible(self.actor, Offer).filter(
            running, provider=self.instance.provider_id, status=OfferStatus.PUBLISHED
        )
        field: Any = self.fields["into"]
        field.queryset = with_names(others.exclude(pk=self.instance.pk)).order_by("-modified_at", "-id")
        if not field.queryset:
            field.help_text = _("The provider has no other published offer that you can see.")

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {"version": instance.version}


class MergeForm(IntoForm):
    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {**super().initial_of(instance), "into": instance.merge_proposed_id}


class ProposeMergeForm(IntoForm):
    note = PlainText(label=pgettext_lazy("label", "Note"), required=False, help_text=_("The provider can read it."))


class KeepApartForm(ActorForm):
    note = PlainText(label=pgettext_lazy("label", "Note"), required=False, help_text=_("UNOCT can read it."))


FORMS: dict[str, type[ActorForm]] = {
    "publish": EmptyForm,
    "confirm": EmptyForm,
    "pause": EmptyForm,
    "merge": MergeForm,
    "propose-merge": ProposeMergeForm,
    "keep-apart": KeepApartForm,
    "withdraw": WithdrawForm,
}
