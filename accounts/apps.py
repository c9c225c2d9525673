"""The person: who signs in, how, and how word reaches them."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.mail.account_messages import MESSAGES
from accounts.mail.messages import register_messages
from accounts.tokens import scopes


class AccountsConfig(AppConfig):
    """Registers its messages; listens for people who sign in, and for changes of how they prove who they are.

    The listeners need the models.
    """

    name = "accounts"

    def ready(self) -> None:
        scopes.register("notifications", _("Your notifications"), order=3)
        scopes.register("me", _("Who you are and your preferences"), order=3)
        register_messages(MESSAGES)
        import_module("accounts.signals")
        import_module("accounts.audit_receivers")
