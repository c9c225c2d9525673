"""The pages of projects."""

from django.urls import URLPattern, path

from assistance.projects import views

urlpatterns: list[URLPattern] = [
    path("projects/", views.ProjectList.as_view(), name="projects"),
    path("projects/new/", views.ProjectCreate.as_view(), name="project-add"),
    path("projects/<uuid:pk>/", views.ProjectPage.as_view(), name="project"),
    path("projects/<uuid:pk>/edit/", views.ProjectEdit.as_view(), name="project-edit"),
]
