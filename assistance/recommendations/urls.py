"""The pages of recommendations, and of what is said of them."""

from typing import Any

from django.urls import URLPattern, path

from assistance.consents import grid_views, preview_views
from assistance.consents import views as consents_views
from assistance.letters.urls import letters_of
from assistance.pages.views import DecisionView
from assistance.recommendations import views
from assistance.recommendations.letters import LETTERS
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.visits.models import Visit


def _released(model: Any, page: Any, collection: str) -> list[URLPattern]:
    """Return the page of a kind of row that its State releases, and the pages of its release."""
    return [
        path(f"{collection}/<uuid:pk>/", page.as_view(), name=model.url_name()),
        path(f"{collection}/<uuid:pk>/share/", grid_views.ReleaseBuilder.as_view(model=model), name=model.url_name("share")),
        path(
            f"{collection}/<uuid:pk>/withdraw/", consents_views.WithdrawView.as_view(model=model),
            name=model.url_name("withdraw"),
        ),
        path(f"{collection}/<uuid:pk>/as/", preview_views.preview_of(page).as_view(), name=model.url_name("as")),
    ]  # fmt: skip


urlpatterns: list[URLPattern] = [
    *letters_of(Visit, "visits", *LETTERS),
    path("visits/<uuid:pk>/recommendations/new/", views.RecommendationCreate.as_view(), name="recommendation-add"),
    path("visits/<uuid:pk>/recommendations/reply/", views.Reply.as_view(), name="visit-reply"),
    path("visits/<uuid:pk>/recommendations/docx/", views.MatrixDocument.as_view(), name="visit-matrix-docx"),
    path("visits/<uuid:pk>/recommendations/xlsx/", views.MatrixSpreadsheet.as_view(), name="visit-matrix-xlsx"),
    path("recommendations/", views.RecommendationList.as_view(), name="recommendations"),
    *_released(Recommendation, views.RecommendationPage, "recommendations"),
    path("recommendations/<uuid:pk>/edit/", views.RecommendationEdit.as_view(), name="recommendation-edit"),
    path(
        "recommendations/<uuid:pk>/decide/", DecisionView.as_view(model=Recommendation), name="recommendation-decide"
    ),
    path(
        "recommendations/<uuid:pk>/<slug:transition>/", views.RecommendationTransition.as_view(),
        name="recommendation-transition",
    ),
    *_released(Observation, views.ObservationPage, "observations"),
    *_released(Response, views.ResponsePage, "responses"),
    *_released(Rating, views.RatingPage, "ratings"),
]  # fmt: skip
