"""The pages of this app alone, so that its tests need nothing of the apps above."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts.api import MeView, NotificationViewSet

router = SimpleRouter()
router.register("notifications", NotificationViewSet, basename="notification")


def anywhere(request: HttpRequest) -> HttpResponse:
    """Stand in for the page a notification leads to."""
    return HttpResponse("here")


urlpatterns = [
    path("", anywhere, name="dashboard"),
    path("needs/1/", anywhere),
    path("accounts/", include("allauth.account.urls")),
    path("administration/", admin.site.urls),
    path("api/v1/me/", MeView.as_view()),
    path("api/v1/", include(router.urls)),
    path("", include("accounts.urls")),
]
