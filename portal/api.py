"""The URLs of the API."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated
from rest_framework.routers import APIRootView, DefaultRouter

from accounts.api import NotificationViewSet
from accounts.tokens.scopes import ANY
from assistance import registry
from assistance.audit_log.api import AccessLog
from assistance.needs.fitting_api import OfferFittingNeeds, ProjectFittingNeeds
from assistance.projects.api import RestrictedProjects
from entities.access import HasAppointment, appointment_required
from entities.api import ROUTES
from portal.me import Me, MyFollowing, MyMessages
from web.rest import KnownParameters


class Root(KnownParameters, APIRootView):
    """The list of collections."""

    scope = ANY
    permission_classes = [IsAuthenticated, HasAppointment]


router = DefaultRouter()
router.include_format_suffixes = False
router.APIRootView = Root


class Notifications(NotificationViewSet):
    """Your own notifications, newest first."""

    scope = "notifications"
    permission_classes = [IsAuthenticated, HasAppointment]


# Who is who: member-states organisations regions pillars themes instruments programmes working-groups
for prefix, viewset, name in ROUTES:
    router.register(prefix, viewset, basename=f"api-{name}")
# Aggregates and the access log
for aggregate in registry.aggregates():
    if aggregate.viewset is not None:
        router.register(aggregate.collection, aggregate.viewset, basename=f"api-{aggregate.name}")
router.register("access-log", AccessLog, basename="api-access-log")
# The current user
router.register("notifications", Notifications, basename="api-notification")


class Schema(KnownParameters, SpectacularAPIView):
    """This description, in OpenAPI 3."""

    scope = ANY
    permission_classes = [IsAuthenticated, HasAppointment]
    query_parameters = ("format", "lang")
    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer]


class Swagger(SpectacularSwaggerSplitView):
    """The schema as an interactive page."""

    scope = ANY
    url_name = "api-schema"
    permission_classes: list[Any] = []
    template_name = "portal/swagger.html"


urlpatterns: list[URLPattern | URLResolver] = [
    path("me/", Me.as_view(), name="api-me"),
    path("me/messages/", MyMessages.as_view(), name="api-me-messages"),
    path("me/following/", MyFollowing.as_view(), name="api-me-following"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", login_required(appointment_required(Swagger.as_view())), name="swagger"),
    path("", include(router.urls)),
    re_path(
        r"^member-states/(?P<iso3>[A-Za-z]{3})/restricted-projects/$",
        RestrictedProjects.as_view(),
        name="api-restricted-projects",
    ),
    re_path(r"^offers/(?P<pk>[^/.]+)/fitting-needs/$", OfferFittingNeeds.as_view(), name="api-offer-fitting-needs"),
    re_path(
        r"^projects/(?P<pk>[^/.]+)/fitting-needs/$", ProjectFittingNeeds.as_view(), name="api-project-fitting-needs"
    ),
]
