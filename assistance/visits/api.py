"""Visits and the sections of their reports, over JSON."""

from rest_framework.request import Request
from rest_framework.response import Response

from assistance.consents.released import Released, ShareBody, WithdrawBody
from assistance.rest.bodies import PlainBody, ReasonBody
from assistance.rest.viewsets import WrittenRows, described, step, stepped
from assistance.visits.filters import SectionFilter, VisitFilter
from assistance.visits.models import Section, Visit
from assistance.visits.serializers import SectionBody, SectionOut, SectionPage, VisitBody, VisitOut, VisitPage
from assistance.visits.states import SECTION, VISIT


@described
class Visits(WrittenRows):
    """Assessment visits."""

    scope = "visits"
    model, out, page, body = Visit, VisitOut, VisitPage, VisitBody
    filterset_class = VisitFilter

    ask_consent = step(VISIT["ask-consent"], VisitPage, PlainBody)
    decline_consent = step(VISIT["decline-consent"], VisitPage, ReasonBody)


@described
class Sections(Released, WrittenRows):
    """Sections of reports, one by one: each reader sees those released to them."""

    scope = "sections"
    model, out, page, body = Section, SectionOut, SectionPage, SectionBody
    filterset_class = SectionFilter
    named = "sections"

    @stepped(SECTION["share"], SectionPage, ShareBody)
    def share(self, request: Request, pk: str) -> Response:
        """Release this section."""
        return self.release(pk)

    @stepped(SECTION["withdraw"], SectionPage, WithdrawBody)
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take its release back."""
        return self.take_back(pk)
