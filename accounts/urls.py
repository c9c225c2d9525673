"""The map of the pages about oneself."""

from django.urls import path

from accounts import security, views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read_all, name="inbox-read-all"),
    path("inbox/<uuid:pk>/open/", views.inbox_open, name="inbox-open"),
    path("me/", views.preferences, name="preferences"),
    path("me/security/", security.security, name="security"),
    path("me/security/sessions/end/", security.end_other_sessions, name="sessions-end"),
    path("me/security/sessions/<int:pk>/end/", security.end_session, name="session-end"),
    path("unlock/<str:key>/", security.unlock, name="unlock"),
    path("me/confirmed/", views.proof_done, name="proof-done"),
    path("language/", views.set_language, name="set_language"),
    path("demonstration/mails/", views.mails, name="mails"),
    path("demonstration/mails/<str:name>/", views.mail, name="mail"),
]
