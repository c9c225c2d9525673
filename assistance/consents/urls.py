"""The pages of consents, release plans and the two-person rule."""

from django.urls import URLPattern, path

from assistance.consents import plan_views, views
from assistance.consents.models import ReleasePlan
from assistance.pages.views import DecisionView

urlpatterns: list[URLPattern] = [
    path("consents/", views.ConsentList.as_view(), name="consents"),
    path("consents/<uuid:pk>/note-verbale/", views.NoteVerbale.as_view(), name="note-verbale"),
    path("consents/<uuid:pk>/", views.ConsentPage.as_view(), name="consent"),
    path("consents/two-persons/<slug:slug>/", plan_views.TwoPersons.as_view(), name="two-persons"),
    path("releases/<uuid:pk>/", plan_views.PlanPage.as_view(), name="release-plan"),
    path("releases/<uuid:pk>/note-verbale/", views.PlanNote.as_view(), name="release-plan-note"),
    path("releases/<uuid:pk>/decide/", DecisionView.as_view(model=ReleasePlan), name="release-plan-decide"),
    path("releases/<uuid:pk>/<slug:transition>/", plan_views.PlanTransition.as_view(), name="release-plan-transition"),
]
