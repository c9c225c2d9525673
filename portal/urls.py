"""The URLs of all pages."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from accounts.views.me import one_time_link
from portal import views

# Pages of allauth that the portal does not use: nobody changes their address (the login) alone, users come in by an
# invitation, recovery codes are shown once, and the portal has its own page of sessions and keys.
ABSENT = (
    "email", "confirm-email", "confirm-email/<str:key>", "signup", "login/code/confirm", "password/set",
    "2fa/recovery-codes/download", "sessions", "3rdparty", "3rdparty/signup", "3rdparty/login/error", "3rdparty/login/cancelled",
    "social/signup",
    "social/connections", "social/login/cancelled", "social/login/error",
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("portal.api")),  # first: its clients ask most often, and each pattern before costs time
    path("", views.front, name="dashboard"),
    path("health/", views.health, name="health"),
    *(path(f"account/{each}/", views.absent) for each in ABSENT),
    path("account/2fa/", RedirectView.as_view(pattern_name="security")),
    re_path(r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", one_time_link),
    path("account/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("entities.urls")),
    path("", include("assistance.urls")),
    path("admin/", admin.site.urls),
]
handler400 = "portal.errors.bad_request"
handler404 = "portal.errors.not_found"
handler403 = "portal.errors.forbidden"
handler500 = "portal.errors.server_error"
