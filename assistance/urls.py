"""The pages of the app: those of each aggregate, the access log, decisions over several rows, and the coverage map."""

from django.urls import URLPattern, URLResolver, include, path

from assistance import coverage_views
from assistance.aggregates import AGGREGATES
from assistance.pages.batches import BatchView
from assistance.pages.following import FollowingPage

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(f"assistance.{name}.urls")) for name in AGGREGATES),
    path("", include("assistance.letters.urls")),
    path("", include("assistance.audit_log.urls")),
    path("decisions/<uuid:pk>/", BatchView.as_view(), name="batch"),
    path("me/following/", FollowingPage.as_view(), name="following"),
    path("states/", coverage_views.StatesMap.as_view(), name="states-map"),
    path("states/<slug:slug>/", coverage_views.StatePage.as_view(), name="state"),
]
