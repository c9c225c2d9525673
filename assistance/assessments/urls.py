"""The pages of assessments."""

from django.urls import URLPattern, path

from assistance.assessments import views
from assistance.assessments.models import Assessment
from assistance.consents import grid_views, preview_views
from assistance.consents import views as consents_views
from assistance.pages.views import DecisionView

urlpatterns: list[URLPattern] = [
    path("assessments/", views.AssessmentList.as_view(), name="assessments"),
    path("assessments/new/", views.AssessmentCreate.as_view(), name="assessment-add"),
    path("assessment-lines/<uuid:pk>/", views.LinePage.as_view(), name="assessment-line"),
    path("assessments/<uuid:pk>/", views.AssessmentPage.as_view(), name="assessment"),
    path("assessments/<uuid:pk>/edit/", views.AssessmentEdit.as_view(), name="assessment-edit"),
    path("assessments/<uuid:pk>/findings/new/", views.FindingAdd.as_view(), name="assessment-finding"),
    path("findings/<uuid:pk>/edit/", views.FindingEdit.as_view(), name="finding-edit"),
    path("assessments/<uuid:pk>/comment/", views.CommentAdd.as_view(), name="assessment-comment"),
    path("assessments/<uuid:pk>/share/", grid_views.ReleaseBuilder.as_view(model=Assessment), name="assessment-share"),
    path(
        "assessments/<uuid:pk>/withdraw/",
        consents_views.WithdrawView.as_view(model=Assessment),
        name="assessment-withdraw",
    ),
    path("assessments/<uuid:pk>/as/", preview_views.preview_of(views.AssessmentPage).as_view(), name="assessment-as"),
    path("assessments/<uuid:pk>/decide/", DecisionView.as_view(model=Assessment), name="assessment-decide"),
    path(
        "assessments/<uuid:pk>/<slug:transition>/", views.AssessmentTransition.as_view(), name="assessment-transition"
    ),
]
