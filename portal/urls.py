"""The whole map of pages."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.front, name="dashboard"),
    path("health/", views.health, name="health"),
    # An address is the login and is changed by nobody alone; people enter by an invitation.
    path("account/email/", views.absent),
    path("account/confirm-email/", views.absent),
    path("account/signup/", views.absent),
    path("account/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("entities.urls")),
    path("", include("assistance.urls")),
    path("api/v1/", include("portal.api")),
    path("admin/", admin.site.urls),
]
handler400 = "portal.errors.bad_request"
handler404 = "portal.errors.not_found"
handler403 = "portal.errors.forbidden"
handler500 = "portal.errors.server_error"
