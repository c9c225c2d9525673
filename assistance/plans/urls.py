"""The pages of plans, of their steps, and of programmes."""

from django.urls import URLPattern, path

from assistance.consents import grid_views, preview_views
from assistance.consents import views as consents_views
from assistance.pages.views import DecisionView
from assistance.plans import views
from assistance.plans.models import ActionPlan, PlanStep

urlpatterns: list[URLPattern] = [
    path("plans/", views.PlanList.as_view(), name="plans"),
    path("plans/new/", views.PlanCreate.as_view(), name="action-plan-add"),
    path("plans/<uuid:pk>/", views.PlanPage.as_view(), name="action-plan"),
    path("plans/<uuid:pk>/edit/", views.PlanEdit.as_view(), name="action-plan-edit"),
    path("plans/<uuid:pk>/document/", views.PlanDocument.as_view(), name="action-plan-document"),
    path("plans/<uuid:pk>/steps/new/", views.StepCreate.as_view(), name="plan-step-add"),
    path("plans/<uuid:pk>/versions/<int:number>/", views.EditionPage.as_view(), name="action-plan-edition"),
    path("plans/<uuid:pk>/share/", grid_views.ReleaseBuilder.as_view(model=ActionPlan), name="action-plan-share"),
    path(
        "plans/<uuid:pk>/withdraw/", consents_views.WithdrawView.as_view(model=ActionPlan), name="action-plan-withdraw"
    ),
    path("plans/<uuid:pk>/as/", preview_views.preview_of(views.PlanPage).as_view(), name="action-plan-as"),
    path("plans/<uuid:pk>/decide/", DecisionView.as_view(model=ActionPlan), name="action-plan-decide"),
    path("plans/<uuid:pk>/<slug:transition>/", views.PlanTransition.as_view(), name="action-plan-transition"),
    path("steps/", views.StepList.as_view(), name="steps"),
    path("steps/<uuid:pk>/", views.StepPage.as_view(), name="plan-step"),
    path("steps/<uuid:pk>/edit/", views.StepEdit.as_view(), name="plan-step-edit"),
    path("steps/<uuid:pk>/request/", views.StepRequest.as_view(), name="plan-step-request"),
    path("steps/<uuid:pk>/request/check/", views.StepRequestCheck.as_view(), name="plan-step-request-check"),
    path("steps/<uuid:pk>/offer/", views.StepOffer.as_view(), name="plan-step-offer"),
    path("steps/<uuid:pk>/decide/", DecisionView.as_view(model=PlanStep), name="plan-step-decide"),
    path("steps/<uuid:pk>/<slug:transition>/", views.StepTransition.as_view(), name="plan-step-transition"),
    path("programmes/<slug:code>/", views.ProgrammePage.as_view(), name="programme"),
]
