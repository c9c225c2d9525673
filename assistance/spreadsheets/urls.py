"""The pages of tables that are filled in as spreadsheets."""

from django.urls import URLPattern, path

from assistance.pages.views import DecisionView
from assistance.spreadsheets import views
from assistance.spreadsheets.models import Spreadsheet

urlpatterns: list[URLPattern] = [
    path("sheets/<slug:sheet>/<uuid:pk>/", views.SheetFile.as_view(), name="sheet"),
    path("spreadsheets/", views.SpreadsheetList.as_view(), name="spreadsheets"),
    path("spreadsheets/new/", views.SpreadsheetReturn.as_view(), name="spreadsheet-add"),
    path("spreadsheets/<uuid:pk>/", views.SpreadsheetPage.as_view(), name="spreadsheet"),
    path("spreadsheets/<uuid:pk>/decide/", DecisionView.as_view(model=Spreadsheet), name="spreadsheet-decide"),
    path(
        "spreadsheets/<uuid:pk>/<slug:transition>/",
        views.SpreadsheetTransition.as_view(),
        name="spreadsheet-transition",
    ),
]
