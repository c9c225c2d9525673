"""Forms of matches: the proposal, and the fields of each transition."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.needs.models import RESERVED, Match, Need
from assistance.needs.rules import providers_of, reasons_for
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from assistance.pages.forms import ActorForm
from assistance.projects.models import Project
from assistance.projects.states import UNDER_WAY
from entities.actors import Actor
from entities.local_days import today_at
from entities.models import ACTING_ROLES, Organisation, OrganisationQuerySet
from web.forms import PlainText, fields_of


def offers_to_propose(actor: Actor, need: Need) -> QuerySet[Offer]:
    """Return the offers this actor can propose now: for CTED any it sees but of the State itself, for a provider its own."""
    running = Q(closes_on__isnull=True) | Q(closes_on__gte=today_at("provider__time_zone"))
    rows = policy.visible(actor, Offer).filter(running, status=OfferStatus.PUBLISHED).exclude(provider=need.state_id)
    if not actor.is_cted:
        rows = rows.filter(provider__in=[organisation.pk for organisation in providers_of(actor, need)])
    return rows.select_related("provider")


def projects_to_propose(actor: Actor, need: Need) -> QuerySet[Project]:
    """Return the projects this actor can propose now: planned or ongoing ones, led by whoever can be the provider."""
    rows = policy.visible(actor, Project).filter(status__in=UNDER_WAY).exclude(lead=need.state_id)
    if actor.is_cted:
        return rows.filter(lead__in=Organisation.objects.providers()).select_related("lead")
    return rows.filter(lead__in=[one.pk for one in providers_of(actor, need)]).select_related("lead")


def providers_for(actor: Actor, need: Need) -> QuerySet[Organisation]:
    """Return the organisations that can be proposed without an offer: they see the need and somebody there can answer."""
    answering = policy.appointments_seeing(need).filter(role__in=ACTING_ROLES)
    rows: OrganisationQuerySet = Organisation.objects.filter(appointments__in=answering.values("pk")).distinct()
    if actor.is_cted:
        return rows.providers().exclude(pk=need.state_id).by_name()
    return rows.filter(pk__in=[organisation.pk for organisation in providers_of(actor, need)]).by_name()


class ProposeForm(ActorForm):
    """A provider's help for one need: by an offer, by a project or both, or without them by naming the provider."""

    offer: "forms.ModelChoiceField[Offer]" = forms.ModelChoiceField(
        Offer.objects.none(),
        label=pgettext_lazy("label", "Offer"),
        required=False,
        widget=forms.RadioSelect,
    )
    project: "forms.ModelChoiceField[Project]" = forms.ModelChoiceField(
        Project.objects.none(),
        label=pgettext_lazy("label", "Project"),
        required=False,
        widget=forms.RadioSelect,
    )
    provider: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        Organisation.objects.none(), label=pgettext_lazy("label", "Provider"), required=False, empty_label="—"
    )
    share = forms.IntegerField(label=_("Share of the need, in per cent"), min_value=1, max_value=100)
    vars().update(
        fields_of(
            Match,
            *RESERVED.values(),
            help_texts={
                "reserved_places": _("Of the offer, if it states places. They are committed once the State accepts."),
            },
        )
    )
    message = PlainText(
        label=pgettext_lazy("label", "Message"),
        required=False,
        help_text=_("All users who can see this match can read it."),
    )

    def __init__(self, *args: Any, need: Need, still_open: int, **kwargs: Any) -> None:
        self.need, self.still_open = need, still_open
        super().__init__(*args, **kwargs)
        providers = providers_for(self.actor, self.need)
        self.fields["offer"].queryset = offers_to_propose(self.actor, self.need)  # type: ignore[attr-defined]
        self.fields["project"].queryset = projects_to_propose(self.actor, self.need)  # type: ignore[attr-defined]
        self.fields["provider"].queryset = providers  # type: ignore[attr-defined]
        self.fields["provider"].help_text = _("Only for assistance without an offer and without a project.")
        self.fields["share"].help_text = _("%(open)d per cent of this need is still open.") % {"open": self.still_open}
        self.initial.setdefault("share", max(self.still_open, 1))
        if not self.actor.is_cted and len(providers) == 1:
            self.initial.setdefault("provider", providers[0].pk)

    def choose(self, **keys: str | None) -> None:
        """Preselect the offer or project from whose page or list the reader came, if they can propose it."""
        for name, key in keys.items():
            try:
                wanted = self.fields[name].queryset.filter(pk=UUID(str(key))).first()  # type: ignore[attr-defined]
            except ValueError:
                continue
            if wanted is not None:
                self.initial[name] = wanted.pk

    def clean(self) -> dict[str, Any]:
        """Drop the provider where an offer or a project already gives it; require it where there is neither."""
        data = super().clean() or self.cleaned_data
        if data.get("offer") or data.get("project"):
            data["provider"] = None
        elif not {"provider", "offer", "project"} & set(self.errors) and not data.get("provider"):
            self.add_error("provider", _("Select an offer, a project or a provider."))
        return data


class StepForm(ActorForm):
    """A transition of a match. Its fields start empty, although a match has texts of the same names."""

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {"version": instance.version}


class AcceptForm(StepForm):
    message = PlainText(
        label=pgettext_lazy("label", "Message"),
        required=False,
        help_text=_("All users who can see this match can read it."),
    )


class ReasonForm(StepForm):
    """Why a proposal is declined or withdrawn: the type of the reason, and the reason in words."""

    step: ClassVar[str]
    reason_code = forms.ChoiceField(label=_("Type of reason"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = reasons_for(self.instance, self.step)
        self.fields["reason_code"].choices = [(one.value, one.label) for one in reasons]  # type: ignore[attr-defined]


class DeclineForm(ReasonForm):
    step = "decline"
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"),
        help_text=_("The other party can read it. It helps to improve future proposals."),
    )


class StartForm(StepForm):
    note = PlainText(
        label=pgettext_lazy("label", "Note"), required=False, help_text=_("For example: what starts, when and where.")
    )


class CarryOnForm(StepForm):
    note = PlainText(
        label=pgettext_lazy("label", "Note"),
        required=False,
        help_text=_("For example: from which budget the assistance is given now."),
    )


class RetractForm(ReasonForm):
    step = "retract"
    reason = PlainText(label=pgettext_lazy("label", "Reason"), help_text=_("The other party can read it."))


FORMS: dict[str, type[ActorForm]] = {
    "accept": AcceptForm,
    "decline": DeclineForm,
    "start": StartForm,
    "retract": RetractForm,
    "carry-on": CarryOnForm,
}
