"""The addresses of the ordinary way."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from bench.ordinary import views

router = DefaultRouter()
router.register("needs", views.Needs, basename="need")
router.register("matches", views.Matches, basename="match")
router.register("projects", views.Projects, basename="project")
router.register("notifications", views.Notifications, basename="notification")
urlpatterns = [path("", include(router.urls))]
