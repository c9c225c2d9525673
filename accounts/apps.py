"""The app `accounts`: users, sign-in, and the notifications and mails sent to them."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.mail.account_messages import MESSAGES
from accounts.mail.messages import register_messages
from accounts.tokens import scopes
from web.texts import keep_normal_texts


class AccountsConfig(AppConfig):
    """Registers the app's messages and connects the receivers for sign-ins and changes of credentials.

    The receivers need the models, so they are imported in `ready()`.
    """

    name = "accounts"

    def ready(self) -> None:
        scopes.register("notifications", _("Your notifications"), order=3)
        scopes.register("me", _("Your account details and preferences"), order=3)
        register_messages(MESSAGES)
        import_module("accounts.signals")
        import_module("accounts.audit_receivers")
        keep_normal_texts(self)
