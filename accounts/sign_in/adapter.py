"""The allauth adapter of a closed portal: no registration, and no answer reveals whether an address is known."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.mail.account_messages import ACCOUNT_LOCKED, FACTOR_CHANGED, PASSWORD_CHANGED, PASSWORD_RESET
from accounts.mail.outbox import owe_letter
from accounts.mail.visibility import may_come_in
from accounts.models import User
from accounts.sign_in.lockout import count_for_network, evenly, has_closed, key_of, owner_to_tell
from accounts.sign_in.reauthentication import is_fresh

TOLD = {
    "account/email/password_changed": PASSWORD_CHANGED,
    "account/email/password_reset": PASSWORD_CHANGED,
    "mfa/email/totp_activated": FACTOR_CHANGED,
    "mfa/email/totp_deactivated": FACTOR_CHANGED,
    "mfa/email/webauthn_added": FACTOR_CHANGED,
    "mfa/email/webauthn_removed": FACTOR_CHANGED,
    "mfa/email/recovery_codes_generated": FACTOR_CHANGED,
}


class ClosedAdapter(DefaultAccountAdapter):
    """The account adapter; users come in only by the invitation of an appointment."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many failed attempts. Sign-in for this address is locked for 15 minutes. If the address "
            "has an account, we have sent it a link to unlock it."
        ),
        "too_many_from_network": _("Too many attempts. Try again in a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: there is no registration."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether allauth's own sensitive pages must reauthenticate, by the portal's rule for a recent proof."""
        return not is_fresh(context.request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, str]]:
        """Return how this user reauthenticates: by second factor if they have one, else by password.

        The first method is the default: without an authenticator app it is the passkey, because a code would be one of
        the few recovery codes.
        """
        methods = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != "reauthenticate"]
        if factors and not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            factors.sort(key=lambda method: method["id"] == "mfa_reauthenticate")
        return factors or methods

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Queue the mail for the stored address, whatever was typed; the link is made when the mail is sent.

        No mail server is contacted here, so a known address is answered as fast as an unknown one or one of a nominee
        not yet approved, for whom nothing is queued.
        """
        if may_come_in(user):
            owe_letter(user, PASSWORD_RESET)

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Queue a mail about a changed password or second factor; allauth's other notifications are dropped."""
        message = TOLD.get(template_prefix)
        if message:
            owe_letter(user, message, reverse("security"))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt for address and network until one succeeds. Raises ValidationError over either limit."""
        super().pre_authenticate(request, **credentials)
        counted = count_for_network(request)
        if counted is None:
            self._login_failed_rl_usage.rollback()  # a locked network must not lock the address
            raise self.validation_error("too_many_from_network")
        self._login_failed_rl_usage.usage += counted.usage

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Notify the owner of an address that has just been locked; an unknown address takes as long."""
        email = credentials.get("email", "")
        if has_closed(request, email):
            with evenly():
                owner = owner_to_tell(email)
                if owner is not None:
                    owe_letter(owner, ACCOUNT_LOCKED)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return the cache key under which failed sign-ins are counted, and which unlocking clears."""
        return key_of(request, credentials.get("email", ""))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send another of allauth's mails, in the language of its user."""
        user = context.get("user")
        with translation.override(user.language if isinstance(user, User) else translation.get_language()):
            super().send_mail(template_prefix, email, context)
