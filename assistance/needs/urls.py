"""The pages of needs and matches."""

from django.urls import URLPattern, path

from assistance.consents import grid_views, preview_views
from assistance.consents import views as consents_views
from assistance.delivery import views as delivery_views
from assistance.delivery.forms import FORMS as DELIVERY_FORMS
from assistance.needs import match_views, suggestion_views, views
from assistance.needs.match_forms import FORMS
from assistance.needs.models import Match, Need
from assistance.pages.views import DecisionView

urlpatterns: list[URLPattern] = [
    path("needs/", views.NeedList.as_view(), name="needs"),
    path("needs/new/", views.NeedCreate.as_view(), name="need-add"),
    path("needs/dismissals/", suggestion_views.DismissalReasons.as_view(), name="dismissal-reasons"),
    path("needs/<uuid:pk>/", views.NeedPage.as_view(), name="need"),
    path("needs/<uuid:pk>/edit/", views.NeedEdit.as_view(), name="need-edit"),
    path("needs/<uuid:pk>/propose/", match_views.Propose.as_view(), name="match-propose"),
    path("needs/<uuid:pk>/dismiss/", suggestion_views.Dismiss.as_view(), name="need-dismiss"),
    path("needs/<uuid:pk>/undo-dismissal/", suggestion_views.UndoDismissal.as_view(), name="need-undo-dismissal"),
    path("needs/<uuid:pk>/share/", grid_views.ReleaseBuilder.as_view(model=Need), name="need-share"),
    path("needs/<uuid:pk>/withdraw/", consents_views.WithdrawView.as_view(model=Need), name="need-withdraw"),
    path("needs/<uuid:pk>/as/", preview_views.preview_of(views.NeedPage).as_view(), name="need-as"),
    path("needs/<uuid:pk>/decide/", DecisionView.as_view(model=Need), name="need-decide"),
    path("needs/<uuid:pk>/<slug:transition>/", views.NeedTransition.as_view(), name="need-transition"),
    path("matches/", match_views.MatchList.as_view(), name="matches"),
    path("matches/<uuid:pk>/", match_views.MatchPage.as_view(), name="match"),
    path("matches/<uuid:pk>/decide/", DecisionView.as_view(model=Match), name="match-decide"),
    path("matches/<uuid:pk>/message/", delivery_views.WriteMessage.as_view(), name="match-message"),
    path("matches/<uuid:pk>/contact/", delivery_views.LogContact.as_view(), name="match-contact"),
    path(
        "matches/<uuid:pk>/<slug:transition>/",
        match_views.MatchTransition.as_view(forms={**FORMS, **DELIVERY_FORMS}),
        name="match-transition",
    ),
]
