"""How allauth behaves in a closed portal: nobody registers, and nobody learns whether an address is known."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import translation

from accounts.letters import PASSWORD_RESET
from accounts.models import Channel, User
from accounts.outbox import Recipient, enqueue
from accounts.proof import is_fresh
from accounts.sources import ACCOUNT


class ClosedAdapter(DefaultAccountAdapter):
    """People enter by the invitation of an appointment."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: there is no registration."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether allauth's own sensitive pages must ask: by the one rule of what counts as a fresh proof."""
        return not is_fresh(context.request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, str]]:
        """Return how this person confirms that it is them: whoever has a second factor shows it, else the password."""
        methods = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] != "reauthenticate"] or methods

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Owe the person a letter at the address the portal knows, whatever was typed; the link is made when it is sent.

        No mail server is spoken to here: a known address answers as fast as an unknown one.
        """
        enqueue(
            event=uuid4(),
            source=ACCOUNT,
            subject=f"user:{user.pk}",
            message=PASSWORD_RESET,
            values={},
            path="/",
            recipients=[Recipient(user)],
            channels=[Channel.MAIL],
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send another of allauth's letters, in the language of the person it is about."""
        user = context.get("user")
        with translation.override(user.language if isinstance(user, User) else translation.get_language()):
            super().send_mail(template_prefix, email, context)
