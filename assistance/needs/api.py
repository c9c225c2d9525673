"""Needs, over JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.consents.released import Released, ShareBody, WithdrawBody
from assistance.needs.bodies import CloseBody, VerifyBody
from assistance.needs.filters import NeedFilter
from assistance.needs.models import Need
from assistance.needs.serializers import NeedBody, NeedOut, NeedPage, RankedOffersOut, ranked
from assistance.needs.states import NEED, NeedSource
from assistance.rest.bodies import NoteBody, PlainBody
from assistance.rest.viewsets import WrittenRows, described, step, stepped


@described
class Needs(Released, WrittenRows):
    """Needs, from the draft to what verification finds."""

    scope = "needs"
    model, out, page, body = Need, NeedOut, NeedPage, NeedBody
    filterset_class = NeedFilter
    named = "needs"

    put_to_state = step(NEED["put-to-state"], NeedPage, PlainBody)
    agree = step(NEED["agree"], NeedPage, NoteBody)
    verify = step(NEED["verify"], NeedPage, VerifyBody)
    close = step(NEED["close"], NeedPage, CloseBody)

    @stepped(NEED["share"], NeedPage, ShareBody)
    def share(self, request: Request, pk: str) -> Response:
        """Release this need."""
        return self.release(pk)

    @stepped(NEED["withdraw"], NeedPage, WithdrawBody)
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take its release back."""
        return self.take_back(pk)

    def completed(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of a new need; one without a visit comes from a desk survey unless it says otherwise."""
        values.setdefault("source", NeedSource.VISIT if values.get("visit") else NeedSource.DESK_SURVEY)
        return super().completed(values)

    @extend_schema(responses=RankedOffersOut, operation_id="needs_offers")
    @action(detail=True, methods=["get"])
    def offers(self, request: Request, pk: str) -> Response:
        """Answer the offers that fit this need, best first, each with its reasons; at most 20, in one page."""
        need = policy.get(self.actor, Need, pk)
        return Response({"next": None, "previous": None, "results": ranked(self.actor, need)})
