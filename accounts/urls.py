"""URLs of the pages of a user's own account."""

from django.urls import path

from accounts.views import me, security

urlpatterns = [
    path("inbox/", me.inbox, name="inbox"),
    path("inbox/read/", me.inbox_read_all, name="inbox-read-all"),
    path("inbox/<uuid:pk>/open/", me.inbox_open, name="inbox-open"),
    path("me/", me.preferences, name="preferences"),
    path("me/messages/", me.message_choices, name="messages"),
    path("me/security/", security.security, name="security"),
    path("me/security/sessions/end/", security.end_other_sessions, name="sessions-end"),
    path("me/security/sessions/<int:pk>/end/", security.end_session, name="session-end"),
    path("unlock/<str:key>/", security.unlock, name="unlock"),
    path("me/confirmed/", me.proof_done, name="proof-done"),
    path("language/", me.set_language, name="set_language"),
    path("demonstration/mails/", me.mails, name="mails"),
    path("demonstration/mails/<str:name>/", me.mail, name="mail"),
]
