"""Pages of offers."""

from assistance.filters import OfferFilter
from assistance.models import Offer
from assistance.views.generic import ListPage, ObjectPage


class OfferList(ListPage):
    model = Offer
    filters = OfferFilter
    template = "assistance/offer_list.html"


class OfferPage(ObjectPage):
    model = Offer
    template = "assistance/offer.html"
    related = ("provider",)
