"""Viewsets of the ordinary way: guardian decides which audiences a user may view."""

from typing import Any, ClassVar, cast

import django_filters as df
from django.contrib.postgres.search import SearchQuery
from django.db.models import Prefetch, Q, QuerySet, UUIDField
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from guardian.shortcuts import get_objects_for_user
from rest_framework.decorators import action
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.models import Channel, Delivery, User
from assistance.access.models import Audience
from assistance.needs.models import Match, Need
from assistance.projects.models import Project
from assistance.search import SEARCH_CONFIGS
from bench.ordinary import serializers


class Pages(PageNumberPagination):
    """Pages by number, with a count of all rows."""

    page_size = 50


class Guarded(ReadOnlyModelViewSet):
    """Rows whose audience the user may view; after its end a release leaves those of the owners."""

    pagination_class = Pages
    filter_backends = [DjangoFilterBackend]
    ordering: ClassVar[tuple[str, ...]] = ("-modified_at", "-id")

    def visible(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of the rows that the user may view."""
        granted = get_objects_for_user(self.request.user, "assistance.view_audience", klass=Audience)
        unended = Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()) | Q(owners__in=granted)
        return rows.filter(unended, audience__in=granted).order_by(*self.ordering)

    def get_queryset(self) -> QuerySet[Any]:
        return self.visible(super().get_queryset())


class NeedFilter(df.FilterSet):
    """The theme, and a search with the same words and indexes as that of the portal."""

    q = df.CharFilter(method="search")
    folded = df.CharFilter(method="nothing")

    class Meta:
        model = Need
        fields = ["theme"]

    def search(self, rows: QuerySet[Need], name: str, value: str) -> QuerySet[Need]:
        """Return the needs with these words, or this part of a word."""
        folded = self.data.get("folded", value)
        query = SearchQuery(folded, config="simple", search_type="websearch")
        for config in SEARCH_CONFIGS.values():
            for text in {value, folded}:
                query = query | SearchQuery(text, config=config, search_type="websearch")
        return rows.filter(Q(texts_searched__search=query) | Q(texts_searched__plain__contains=folded))

    def nothing(self, rows: QuerySet[Need], name: str, value: str) -> QuerySet[Need]:
        """Return all rows: `folded` is read by `search`."""
        return rows


class Needs(Guarded):
    """Needs."""

    queryset = Need.objects.select_related("state", "instrument").prefetch_related(
        Prefetch("matches", Match.objects.only("need", "cycle", "status", "share", "verified_share"))
    )
    filterset_class = NeedFilter

    def get_serializer_class(self) -> type[serializers.NeedSerializer]:
        return serializers.NeedDetailSerializer if self.action == "retrieve" else serializers.NeedSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "visible": self.visible}

    @action(detail=False)
    def count(self, request: Request) -> Response:
        """Return how many needs there are."""
        return Response({"count": self.filter_queryset(self.get_queryset()).count()})


class Matches(Guarded):
    """Matches whose need the user may view too."""

    queryset = Match.objects.select_related("need__state", "provider")
    serializer_class = serializers.MatchSerializer

    def get_queryset(self) -> QuerySet[Match]:
        return super().get_queryset().filter(need__in=self.visible(Need.objects.all()))


class Projects(Guarded):
    """Projects."""

    queryset = Project.objects.select_related("lead").prefetch_related(
        "states", "regions", "themes", "parties__organisation"
    )
    serializer_class = serializers.ProjectSerializer

    def get_queryset(self) -> QuerySet[Project]:
        return super().get_queryset().prefetch_related(Prefetch("needs", self.visible(Need.objects.only("pk"))))


class Notifications(Guarded):
    """The notifications of the user about needs that they may view now."""

    serializer_class = serializers.NotificationSerializer

    def get_queryset(self) -> QuerySet[Delivery]:
        own = Delivery.objects.filter(recipient=cast(User, self.request.user), channel=Channel.PORTAL)
        about = own.annotate(about=Cast(Substr("subject", len("need:") + 1), UUIDField()))
        return about.filter(about__in=self.visible(Need.objects.order_by())).order_by("-created_at", "-id")
