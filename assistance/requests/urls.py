"""The pages of requests."""

from django.urls import URLPattern, path

from assistance.letters.urls import letters_of
from assistance.pages.views import DecisionView
from assistance.requests import correction_views, file_views, list_views, views
from assistance.requests.forms import STEPS, check_name, step_name
from assistance.requests.letters import LETTERS
from assistance.requests.models import AssistanceRequest, RequestCorrection

urlpatterns: list[URLPattern] = [
    path("requests/", list_views.RequestList.as_view(), name="requests"),
    path("requests/queue/", list_views.RequestQueue.as_view(), name="request-queue"),
    path("requests/briefing/", file_views.Briefing.as_view(), name="request-briefing"),
    path("requests/briefing/file/", file_views.BriefingFile.as_view(), name="request-briefing-file"),
    path("requests/new/check/", views.CheckAsEntered.as_view(), {"step": "what"}, name="request-check"),
    path("requests/new/", views.RequestCreate.as_view(), name="assistance-request-add"),
    path("requests/template/", file_views.BlankTemplate.as_view(), name="request-template"),
    path("requests/<uuid:pk>/", views.RequestPage.as_view(), name="assistance-request"),
    *(
        path(f"requests/<uuid:pk>/edit/{step}/", views.RequestEdit.as_view(step=step), name=step_name(step))
        for step in STEPS
    ),
    *(
        path(f"requests/<uuid:pk>/check/{step}/", views.CheckAsEntered.as_view(), {"step": step}, name=check_name(step))
        for step in STEPS
    ),
    path("requests/<uuid:pk>/comparison/", views.Comparison.as_view(), name="assistance-request-comparison"),
    path("requests/<uuid:pk>/answers/", file_views.Answers.as_view(), name="assistance-request-answers"),
    path("requests/<uuid:pk>/answers/file/", file_views.AnswerFile.as_view(), name="assistance-request-answers-file"),
    path("requests/<uuid:pk>/template/", file_views.FilledTemplate.as_view(), name="assistance-request-template"),
    path("requests/<uuid:pk>/correct/", correction_views.CorrectRequest.as_view(), name="assistance-request-correct"),
    *letters_of(AssistanceRequest, "requests", *LETTERS),
    path("requests/<uuid:pk>/note-verbale/", views.NoteVerbale.as_view(), name="assistance-request-note"),
    path("requests/<uuid:pk>/decide/", DecisionView.as_view(model=AssistanceRequest), name="assistance-request-decide"),
    path(
        "requests/<uuid:pk>/<slug:transition>/", views.RequestTransition.as_view(), name="assistance-request-transition"
    ),
    path("request-corrections/<uuid:pk>/", correction_views.RequestCorrectionPage.as_view(), name="request-correction"),
    path(
        "request-corrections/<uuid:pk>/decide/",
        DecisionView.as_view(model=RequestCorrection),
        name="request-correction-decide",
    ),
    path(
        "request-corrections/<uuid:pk>/<slug:transition>/",
        correction_views.RequestCorrectionTransition.as_view(),
        name="request-correction-transition",
    ),
]
