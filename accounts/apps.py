"""The person: who signs in, how, and how word reaches them."""

from importlib import import_module

from allauth.account.signals import authentication_step_completed
from allauth.account.signals import user_logged_in as signed_in_by_form
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from accounts.arrivals import note_confirmation, note_sign_in, note_visit, speak_their_language


class AccountsConfig(AppConfig):
    """Listens for people who sign in."""

    name = "accounts"

    def ready(self) -> None:
        user_logged_in.connect(note_visit)
        user_logged_in.connect(note_sign_in)
        authentication_step_completed.connect(note_confirmation)
        signed_in_by_form.connect(speak_their_language)
        import_module("accounts.traces")  # listens too; it needs the models, so not before now
