"""Connects the receivers for sign-ins, confirmations and changes of the second factor."""

from allauth.account.signals import authentication_step_completed
from allauth.account.signals import user_logged_in as signed_in_by_form
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save

from accounts import login_signals
from accounts.sign_in import mfa, sessions

user_logged_in.connect(login_signals.note_visit)
user_logged_in.connect(login_signals.note_sign_in)
user_logged_in.connect(sessions.begin)
signed_in_by_form.connect(login_signals.speak_their_language)
authentication_step_completed.connect(login_signals.note_confirmation)

for changed in (authenticator_added, authenticator_removed, authenticator_reset):
    changed.connect(sessions.factor_changed)
    changed.connect(mfa.forget_factor)
for moment in (post_save, post_delete):
    moment.connect(mfa.renew_mark, sender=Authenticator)
