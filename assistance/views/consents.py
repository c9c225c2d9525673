"""Pages of consents: the share form, withdrawal, and what has been decided."""

from assistance.models import Consent
from assistance.views.generic import ObjectPage


class ConsentPage(ObjectPage):
    model = Consent
    template = "assistance/consent.html"
    related = ("state", "given_by", "given_as")
