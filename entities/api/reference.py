"""The API of who is who: read-only, for members, the same for each of them."""

from typing import Any

import django_filters as df
from rest_framework.permissions import IsAuthenticated
from rest_framework.viewsets import ReadOnlyModelViewSet

from entities.access import HasAppointment
from entities.filters import OrganisationFilters
from entities.models import Instrument, Organisation, Pillar, Programme, Region, Theme, WorkingGroup
from entities.serializers import (
    InstrumentSerializer,
    MemberStateSerializer,
    OrganisationSerializer,
    PillarSerializer,
    ProgrammeSerializer,
    RegionSerializer,
    ThemeSerializer,
    WorkingGroupSerializer,
)
from web.filter_backend import StrictFilterBackend
from web.pagination import Cursor
from web.rest import KnownParameters


class ReferenceViewSet(KnownParameters, ReadOnlyModelViewSet[Any]):
    """A list and its items. `paging_order` names one or several unique, never empty columns."""

    scope = "who-is-who"
    permission_classes = [IsAuthenticated, HasAppointment]
    pagination_class = Cursor
    filter_backends = [StrictFilterBackend]
    paging_order: tuple[str, ...] = ("code",)
    lookup_field = "code"
    lookup_value_regex = r"[\w-]+"


class MemberStateFilters(OrganisationFilters):
    """Filters for States, without those that are the same for all States."""

    compact = None

    class Meta:
        model = Organisation
        fields = ["q", "kind", "region"]


class MemberStateViewSet(ReferenceViewSet):
    """Member States and observer States, by ISO 3166 alpha-3 code."""

    queryset = Organisation.objects.states().exclude(iso3="")
    serializer_class = MemberStateSerializer
    filterset_class = MemberStateFilters
    lookup_field = "iso3"
    lookup_value_regex = "[A-Za-z]{3}"
    paging_order = ("iso3",)

    def get_object(self) -> Any:
        """Return the State by its code, in upper or lower case."""
        self.kwargs["iso3"] = self.kwargs["iso3"].upper()
        return super().get_object()


class OrganisationViewSet(ReferenceViewSet):
    """All organisations, States among them, by slug."""

    queryset = Organisation.objects.all()
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilters
    lookup_field = "slug"
    paging_order = ("slug",)


class RegionViewSet(ReferenceViewSet):
    """Regions of the M49 standard."""

    queryset = Region.objects.all()
    serializer_class = RegionSerializer


class PillarViewSet(ReferenceViewSet):
    """The four pillars of the Strategy, in their order."""

    queryset = Pillar.objects.all()
    serializer_class = PillarSerializer
    paging_order = ("order", "code")


class ThemeViewSet(ReferenceViewSet):
    """Subjects of assistance."""

    queryset = Theme.objects.all()
    serializer_class = ThemeSerializer
    filterset_fields = ["pillar"]


class InstrumentFilters(df.FilterSet):
    """Filters by symbol, kind or year."""

    class Meta:
        model = Instrument
        fields = ["symbol", "kind", "year"]


class InstrumentViewSet(ReferenceViewSet):
    """Resolutions, conventions and documents of good practice, by slug; `?symbol=` finds one by its symbol."""

    queryset = Instrument.objects.all()
    serializer_class = InstrumentSerializer
    filterset_class = InstrumentFilters
    lookup_field = "slug"
    paging_order = ("slug",)


class ProgrammeViewSet(ReferenceViewSet):
    """Standing programmes."""

    queryset = Programme.objects.prefetch_related("themes", "parts__organisation")
    serializer_class = ProgrammeSerializer


class WorkingGroupViewSet(ReferenceViewSet):
    """Working groups of the Compact, with their members."""

    queryset = WorkingGroup.objects.prefetch_related("members")
    serializer_class = WorkingGroupSerializer
    lookup_field = "slug"
    paging_order = ("slug",)


# Prefix, view set and base name, as a router registers them.
ROUTES: tuple[tuple[str, type[ReferenceViewSet], str], ...] = (
    ("member-states", MemberStateViewSet, "member-state"),
    ("organisations", OrganisationViewSet, "organisation"),
    ("regions", RegionViewSet, "region"),
    ("pillars", PillarViewSet, "pillar"),
    ("themes", ThemeViewSet, "theme"),
    ("instruments", InstrumentViewSet, "instrument"),
    ("programmes", ProgrammeViewSet, "programme"),
    ("working-groups", WorkingGroupViewSet, "working-group"),
)
