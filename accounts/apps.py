"""The person: who signs in, how, and how word reaches them."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts import scopes


class AccountsConfig(AppConfig):
    """Listens for people who sign in, and for changes of how they prove who they are; the listeners need the models."""

    name = "accounts"

    def ready(self) -> None:
        scopes.register("notifications", _("Your notifications"))
        scopes.register("me", _("Who you are and your preferences"))
        import_module("accounts.receivers")
        import_module("accounts.traces")
