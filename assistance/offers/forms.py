"""Forms of offers."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.offers.models import Offer
from assistance.pages.fields import RegionsField, StatesField, ThemesField
from assistance.pages.forms import ActorForm, EmptyForm, RecordForm
from entities.models import Organisation
from web.date_fields import EndField
from web.forms import PlainText, fields_of


class OfferForm(RecordForm):
    """An offer of an organisation for which the actor acts."""

    vars().update(
        fields_of(
            Offer, "provider", "title", "description", "themes", "assistance_types", "for_states", "for_regions",
            "visible_to_named_only", "places", "expert_days", "amount", "currency", "working_languages", "opens_on",
            "closes_on",
            labels={"visible_to_named_only": _("Only the States selected above see this offer")},
            help_texts={"for_states": _("If you select no State and no region, the offer is for all States.")},
            themes=ThemesField, for_states=StatesField, for_regions=RegionsField,
            closes_on=partial(EndField, no_end=_("No last day")),  # type: ignore[arg-type]
        )
    )  # fmt: skip
    field_order = ["provider", "language", "title", "description"]
    groups = (
        (_("The offer"), ("provider", "language", "title", "description", "themes", "assistance_types")),
        (_("For whom"), ("for_states", "for_regions", "visible_to_named_only", "working_languages")),
        (_("How much and when"), ()),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.actor.providers()
        self.fields["provider"].queryset = Organisation.objects.filter(pk__in=[o.pk for o in own])  # type: ignore[attr-defined]
        for name in ("for_states", "for_regions"):
            self.fields[name].sort()  # type: ignore[attr-defined]
        if len(own) == 1:
            self.initial.setdefault("provider", own[0].pk)


class WithdrawForm(ActorForm):
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"), required=False, help_text=_("Recorded in the history of the offer.")
    )


FORMS: dict[str, type[ActorForm]] = {"publish": EmptyForm, "pause": EmptyForm, "withdraw": WithdrawForm}
