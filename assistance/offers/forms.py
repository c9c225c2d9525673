"""Forms of offers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assistance.offers.models import Offer
from assistance.offers.states import AssistanceType
from assistance.pages.fields import RegionsField, StatesField, ThemesField, currency, money, whole_number
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from entities.models import Organisation
from web.forms import PlainText, fields_of


class OfferForm(RecordForm):
    """An offer of an organisation for which the actor acts."""

    vars().update(fields_of(Offer, "provider", "title"))
    description = PlainText(label=_("What is offered"))
    themes = ThemesField(label=_("Themes"))
    assistance_types = forms.MultipleChoiceField(
        label=_("Types of assistance"), choices=AssistanceType.choices, widget=forms.CheckboxSelectMultiple
    )
    for_states = StatesField(
        label=_("For these States"), required=False, help_text=_("With no State and no region ticked: for all States.")
    )
    for_regions = RegionsField(label=_("For these regions"), required=False)
    visible_to_named_only = forms.BooleanField(
        label=_("Only the States ticked above see this offer"),
        required=False,
        help_text=_("CTED and UNOCT see it as well. Otherwise every member sees it once it is published."),
    )
    places = whole_number(_("Places"), help_text=_("How many people can take part."))
    expert_days = whole_number(_("Expert days"))
    amount = money(_("Amount"), max_digits=14)
    currency = currency()
    working_languages = forms.MultipleChoiceField(
        label=_("Working languages"),
        required=False,
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The languages in which the assistance can be given."),
    )
    vars().update(fields_of(Offer, "opens_on", "closes_on"))
    field_order = ["provider", "language", "title", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.actor.providers()
        self.fields["provider"].queryset = Organisation.objects.filter(pk__in=[o.pk for o in own])  # type: ignore[attr-defined]
        self.fields["for_states"].sort()  # type: ignore[attr-defined]
        if len(own) == 1:
            self.initial.setdefault("provider", own[0].pk)


class WithdrawForm(ActorForm):
    reason = PlainText(label=_("Reason"), required=False, help_text=_("It stays in the history of the offer."))


FORMS: dict[str, type[ActorForm]] = {"publish": EmptyForm, "pause": EmptyForm, "withdraw": WithdrawForm}
