"""URLs of this app alone, so that its tests need none of the upper apps."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from rest_framework.authentication import SessionAuthentication
from rest_framework.routers import SimpleRouter

from accounts.api import MeView, NotificationViewSet
from accounts.tokens.authentication import TokenAuthentication
from accounts.views.me import one_time_link


class Me(MeView):
    """The view as in `portal.me`, with tokens whatever the appointments."""

    scope = "me"
    authentication_classes = [TokenAuthentication, SessionAuthentication]


class Notifications(NotificationViewSet):
    """The viewset as in `portal.api`, with tokens whatever the appointments."""

    scope = "notifications"
    authentication_classes = [TokenAuthentication, SessionAuthentication]


router = SimpleRouter()
router.register("notifications", Notifications, basename="notification")


def anywhere(request: HttpRequest) -> HttpResponse:
    """Return a response, for the page a notification links to."""
    return HttpResponse("here")


urlpatterns = [
    path("", anywhere, name="dashboard"),
    path("needs/1/", anywhere),
    re_path(r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", one_time_link),
    path("accounts/", include("allauth.urls")),
    path("administration/", admin.site.urls),
    path("api/v1/me/", Me.as_view()),
    path("api/v1/", include(router.urls)),
    path("", include("accounts.urls")),
]
