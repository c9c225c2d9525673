"""The pages of offers."""

from django.urls import URLPattern, path

from assistance.offers import correction_views, views
from assistance.offers.models import Correction, Offer
from assistance.pages.views import DecisionView

urlpatterns: list[URLPattern] = [
    path("offers/", views.OfferList.as_view(), name="offers"),
    path("offers/new/", views.OfferCreate.as_view(), name="offer-add"),
    path("offers/<uuid:pk>/", views.OfferPage.as_view(), name="offer"),
    path("offers/<uuid:pk>/edit/", views.OfferEdit.as_view(), name="offer-edit"),
    path("offers/<uuid:pk>/decide/", DecisionView.as_view(model=Offer), name="offer-decide"),
    path("offers/<uuid:pk>/correct/", correction_views.Correct.as_view(), name="offer-correct"),
    path("offers/<uuid:pk>/<slug:transition>/", views.OfferTransition.as_view(), name="offer-transition"),
    path("corrections/<uuid:pk>/", correction_views.CorrectionPage.as_view(), name="correction"),
    path("corrections/<uuid:pk>/decide/", DecisionView.as_view(model=Correction), name="correction-decide"),
    path(
        "corrections/<uuid:pk>/<slug:transition>/",
        correction_views.CorrectionTransition.as_view(),
        name="correction-transition",
    ),
]
