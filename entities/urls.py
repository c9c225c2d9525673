"""The map of who is who and of designations."""

from django.urls import path

from entities import designations, views

urlpatterns = [
    path("who/", views.organisations, name="organisations"),
    path("who/groups/", views.working_groups, name="working-groups"),
    path("who/groups/<slug:slug>/", views.working_group, name="working-group"),
    path("who/terms/", views.vocabulary, name="vocabulary"),
    path("who/terms/<slug:kind>/", views.vocabulary, name="vocabulary"),
    path("who/<slug:slug>/", views.organisation, name="organisation"),
    path("designations/", designations.designations, name="designations"),
    path("designations/new/", designations.designation_add, name="designation-add"),
    path("designations/<uuid:pk>/approve/", designations.designation_approve, name="designation-approve"),
    path("designations/<uuid:pk>/end/", designations.designation_end, name="designation-end"),
    path("designations/<uuid:pk>/invite/", designations.designation_invite, name="designation-invite"),
]
