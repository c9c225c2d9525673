"""The pages of projects."""

from django.urls import URLPattern, path

from assistance.pages.views import DecisionView
from assistance.projects import part_views, views
from assistance.projects.models import Project

urlpatterns: list[URLPattern] = [
    path("projects/", views.ProjectList.as_view(), name="projects"),
    path("projects/new/", views.ProjectCreate.as_view(), name="project-add"),
    path("projects/<uuid:pk>/", views.ProjectPage.as_view(), name="project"),
    path("projects/<uuid:pk>/edit/", views.ProjectEdit.as_view(), name="project-edit"),
    path("projects/<uuid:pk>/shares/", part_views.SharesEdit.as_view(), name="project-shares"),
    path("projects/<uuid:pk>/indicators/new/", part_views.IndicatorAdd.as_view(), name="project-indicator"),
    path("indicators/<uuid:pk>/edit/", part_views.IndicatorEdit.as_view(), name="indicator-edit"),
    path("projects/<uuid:pk>/periods/new/", part_views.PeriodAdd.as_view(), name="project-period"),
    path("periods/<uuid:pk>/edit/", part_views.PeriodEdit.as_view(), name="period-edit"),
    path("projects/<uuid:pk>/sessions/new/", part_views.SessionAdd.as_view(), name="project-session"),
    path("sessions/<uuid:pk>/edit/", part_views.SessionEdit.as_view(), name="session-edit"),
    path("projects/<uuid:pk>/comment/", views.CommentAdd.as_view(), name="project-comment"),
    path("projects/<uuid:pk>/decide/", DecisionView.as_view(model=Project), name="project-decide"),
    path("projects/<uuid:pk>/<slug:transition>/", views.ProjectTransition.as_view(), name="project-transition"),
]
