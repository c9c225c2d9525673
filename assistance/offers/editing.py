"""How offers are recorded and edited."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance import currencies
from assistance.offers.capacity import confirm_less
from assistance.offers.deadlines import confirm_again
from assistance.offers.messages import ABOUT_END
from assistance.offers.models import Offer
from assistance.offers.states import ASKED_BEFORE_END, OfferStatus
from assistance.workflow.editing import EditSpec, Values, check_order
from assistance.workflow.notifications import settle
from entities.models import Appointment
from entities.providers import check_provides
from web.exceptions import Conflict, Invalid


def check(offer: Offer, values: Values) -> None:
    """Raise Invalid for values that contradict each other.

    A provider that is none, a window out of order, an amount without a known currency, missing States, a contact person or
    a project of another organization.
    """
    check_provides(offer.provider, "provider")
    check_order(offer, "opens_on", "closes_on")
    if offer.amount is not None and not offer.currency:
        raise Invalid({"currency": [_("Select the currency of the amount.")]})
    currencies.check(offer.currency)
    if offer.visible_to_named_only and not values.get("for_states"):
        raise Invalid({"for_states": [_("Select the States that can see this offer.")]})
    _check_own(offer, values)


def _check_own(offer: Offer, values: Values) -> None:
    """Raise Invalid for a contact person or a project that is given and does not belong to the provider."""
    contact, project = values.get("contact_appointment"), values.get("project")
    if contact and not Appointment.objects.listed().filter(organisation=offer.provider, pk=contact.pk).exists():
        raise Invalid({"contact_appointment": [_("Select a person who acts for the provider now.")]})
    if project and project.lead_id != offer.provider_id:
        raise Invalid({"project": [_("Select a project that the provider leads.")]})


def check_alive(offer: Offer) -> None:
    """Raise Conflict for an offer that has been withdrawn or merged."""
    if offer.status == OfferStatus.WITHDRAWN:
        raise Conflict(_("A withdrawn offer cannot be changed. Record a new offer."))
    if offer.status == OfferStatus.MERGED:
        raise Conflict(_("A merged offer cannot be changed. Change the offer into which it was merged."))


def follow_window(offer: Offer, values: Values) -> None:
    """Mark the requests about the end of an offer as done when its last day is no longer near; ask to confirm it again."""
    near = timezone.now() + max(ASKED_BEFORE_END.values())
    if offer.closes_on is None or offer.closes_on > near.date():
        settle([offer], ABOUT_END)
    if "closes_on" in values:
        confirm_again(offer)


OFFER = EditSpec(
    recorded="offer_recorded",
    edited="offer_edited",
    check=check,
    may_change=check_alive,
    confirm=confirm_less,
    relate=follow_window,
)
