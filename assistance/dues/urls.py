"""The pages of deadlines."""

from django.urls import URLPattern, path

from assistance.dues import exports, views
from assistance.dues.models import Due
from assistance.pages.views import DecisionView

urlpatterns: list[URLPattern] = [
    path("dues/", views.DueList.as_view(), name="dues"),
    path(
        "dues/calendar/",
        views.DueExport.as_view(rows=exports.for_calendar, make=exports.calendar),
        name="due-calendar",
    ),
    path(
        "dues/spreadsheet/",
        views.DueExport.as_view(rows=exports.for_spreadsheet, make=exports.spreadsheet),
        name="due-spreadsheet",
    ),
    path("dues/organisations/", views.DueOrganisations.as_view(), name="due-organisations"),
    path("dues/<uuid:pk>/", views.DuePage.as_view(), name="due"),
    path("dues/<uuid:pk>/decide/", DecisionView.as_view(model=Due), name="due-decide"),
    path("dues/<uuid:pk>/snooze/", views.DueSnooze.as_view(), name="due-snooze"),
    path("dues/<uuid:pk>/<slug:transition>/", views.DueTransition.as_view(), name="due-transition"),
]
