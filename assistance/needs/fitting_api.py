"""The API of needs that fit an offer or a project, for its provider."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.access import policy
from assistance.needs.fitting import is_for
from assistance.needs.suggestion_serializers import FitsSerializer, fits
from assistance.offers.models import Offer
from assistance.projects.models import Project
from entities.access import HasAppointment
from web.exceptions import Forbidden
from web.rest import KnownParameters

KEY = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)


class FittingNeeds(KnownParameters):
    """The needs that fit a row of `model`."""

    scope = "needs"
    permission_classes = [IsAuthenticated, HasAppointment]
    model: ClassVar[Any]

    def show(self, request: Request, pk: str) -> Response:
        """Return the needs that fit. Raises NotVisible, Forbidden for whoever does not act for the provider."""
        actor = request.actor  # type: ignore[attr-defined]
        row = policy.get(actor, self.model, pk)
        if not is_for(actor, row):
            raise Forbidden(who=policy.WHO_WORDS["provider"], url=row.get_absolute_url())
        return Response(fits(actor, row))


class OfferFittingNeeds(FittingNeeds):
    """The needs that fit an offer."""

    model = Offer

    @extend_schema(parameters=[KEY], responses=FitsSerializer, operation_id="offers_fitting_needs")
    def get(self, request: Request, pk: str) -> Response:
        """Return the needs open to offers that fit your offer, best first, each with its points; at most 20, in one page.

        Empty for an offer that is not published, or whose availability has ended.
        """
        return self.show(request, pk)


class ProjectFittingNeeds(FittingNeeds):
    """The needs that fit a project."""

    model = Project

    @extend_schema(parameters=[KEY], responses=FitsSerializer, operation_id="projects_fitting_needs")
    def get(self, request: Request, pk: str) -> Response:
        """Return the needs open to offers that fit your project, best first, each with its points; at most 20, in one page.

        Empty for a project that is neither planned nor ongoing, or ends within 90 days.
        """
        return self.show(request, pk)
