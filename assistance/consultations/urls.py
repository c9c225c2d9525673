"""The pages of consultations and their rounds."""

from django.urls import URLPattern, path

from assistance.consents import grid_views, preview_views
from assistance.consents import views as consents_views
from assistance.consultations import views
from assistance.consultations.models import Round
from assistance.pages.views import DecisionView

urlpatterns: list[URLPattern] = [
    path("consultations/", views.ConsultationList.as_view(), name="consultations"),
    path("consultations/new/", views.ConsultationCreate.as_view(), name="consultation-add"),
    path("consultations/<uuid:pk>/", views.ConsultationPage.as_view(), name="consultation"),
    path("consultations/<uuid:pk>/edit/", views.ConsultationEdit.as_view(), name="consultation-edit"),
    path("consultations/<uuid:pk>/rounds/new/", views.RoundCreate.as_view(), name="round-add"),
    path("rounds/<uuid:pk>/", views.RoundPage.as_view(), name="round"),
    path("rounds/<uuid:pk>/edit/", views.RoundEdit.as_view(), name="round-edit"),
    path("rounds/<uuid:pk>/findings/new/", views.FindingAdd.as_view(), name="round-finding"),
    path("rounds/<uuid:pk>/priorities/new/", views.ParameterAdd.as_view(), name="round-parameter"),
    path("round-findings/<uuid:pk>/edit/", views.FindingEdit.as_view(), name="round-finding-edit"),
    path("priorities/<uuid:pk>/edit/", views.ParameterEdit.as_view(), name="parameter-edit"),
    path("rounds/<uuid:pk>/share/", grid_views.ReleaseBuilder.as_view(model=Round), name="round-share"),
    path("rounds/<uuid:pk>/withdraw/", consents_views.WithdrawView.as_view(model=Round), name="round-withdraw"),
    path("rounds/<uuid:pk>/as/", preview_views.preview_of(views.RoundPage).as_view(), name="round-as"),
    path("rounds/<uuid:pk>/decide/", DecisionView.as_view(model=Round), name="round-decide"),
    path("rounds/<uuid:pk>/<slug:transition>/", views.RoundTransition.as_view(), name="round-transition"),
]
