"""The pages of visits and of the sections of their reports."""

from django.urls import URLPattern, path

from assistance.consents import grid_views, preview_views
from assistance.consents import views as consents_views
from assistance.recommendations.forms import VISIT_FORMS
from assistance.visits import views
from assistance.visits.forms import FORMS
from assistance.visits.models import Section, Visit

urlpatterns: list[URLPattern] = [
    path("visits/", views.VisitList.as_view(), name="visits"),
    path("visits/new/", views.VisitCreate.as_view(), name="visit-add"),
    path("visits/<uuid:pk>/", views.VisitPage.as_view(), name="visit"),
    path("visits/<uuid:pk>/edit/", views.VisitEdit.as_view(), name="visit-edit"),
    path("visits/<uuid:pk>/share/", grid_views.ReleaseBuilder.as_view(model=Visit), name="visit-share"),
    path("visits/<uuid:pk>/sections/new/", views.SectionCreate.as_view(), name="section-add"),
    path("visits/<uuid:pk>/decide/", views.VisitDecision.as_view(), name="visit-decide"),
    path(
        "visits/<uuid:pk>/<slug:transition>/",
        views.VisitTransition.as_view(forms={**FORMS, **VISIT_FORMS}),
        name="visit-transition",
    ),
    path("sections/<uuid:pk>/", views.SectionPage.as_view(), name="section"),
    path("sections/<uuid:pk>/edit/", views.SectionEdit.as_view(), name="section-edit"),
    path("sections/<uuid:pk>/share/", grid_views.ReleaseBuilder.as_view(model=Section), name="section-share"),
    path("sections/<uuid:pk>/withdraw/", consents_views.WithdrawView.as_view(model=Section), name="section-withdraw"),
    path("sections/<uuid:pk>/as/", preview_views.preview_of(views.SectionPage).as_view(), name="section-as"),
]
