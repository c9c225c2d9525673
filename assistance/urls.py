"""The pages of the work: those of each aggregate, the access log, and the map of coverage by State."""

from django.urls import URLPattern, URLResolver, include, path

from assistance import coverage_views
from assistance.aggregates import AGGREGATES

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(f"assistance.{name}.urls")) for name in AGGREGATES),
    path("", include("assistance.audit_log.urls")),
    path("states/", coverage_views.StatesMap.as_view(), name="states-map"),
    path("states/<slug:slug>/", coverage_views.StatePage.as_view(), name="state"),
]
