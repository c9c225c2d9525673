"""The map of the pages about oneself."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read_all, name="inbox-read-all"),
    path("inbox/<uuid:pk>/open/", views.inbox_open, name="inbox-open"),
    path("me/", views.preferences, name="preferences"),
    path("me/confirmed/", views.proof_done, name="proof-done"),
    path("language/", views.set_language, name="set_language"),
    path("demonstration/mails/", views.mails, name="mails"),
    path("demonstration/mails/<str:name>/", views.mail, name="mail"),
]
