"""Reauthentication: sensitive actions (consent, withdrawal, appointment, export) need a proof under 15 minutes old."""

import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.mfa.signals import authenticator_used
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.login_signals import PROVED_AT
from accounts.models import User
from accounts.sign_in.mfa import AuthenticateForm
from web.exceptions import ProofLocked, ProofNeeded, ProofWrong

HEADER = "Fresh-Proof"
# The codes of the errors of a limit, as opposed to those of a wrong code.
LIMITS = {"limited", "too_many_from_network", "too_many_login_attempts"}


def proof_url(user: User, then: str) -> str:
    """Return the URL where this user proves their identity again, continuing to `then`."""
    methods = get_adapter().get_reauthentication_methods(user)
    page = methods[0]["url"] if methods else reverse("account_logout")
    return f"{page}?{urlencode({REDIRECT_FIELD_NAME: then})}"


def is_fresh(request: Any) -> bool:
    """Return whether the last proof is at most settings.FRESH_PROOF_SECONDS old, or this request contains one.

    A session stores its last sign-in or confirmation; an API client sends a one-time code in the header `Fresh-Proof`,
    which counts for that request alone. Source: reliability design, step-up before release, appointment, token, export.
    """
    return _proved_in_session(request) or _proves_now(request)


def _proved_in_session(request: Any) -> bool:
    """Return whether the session's proof is recent; with a token it does not count, it may be another user's."""
    session = request.session
    if getattr(request, "auth", None) is not None or session.get(SESSION_KEY) != str(request.user.pk):
        return False
    return 0 <= time.time() - session.get(PROVED_AT, 0) <= settings.FRESH_PROOF_SECONDS


def _proves_now(request: Any) -> bool:
    """Return whether the header holds a proof. Raises ProofWrong, or ProofLocked after too many wrong ones."""
    written = request.headers.get(HEADER, "").strip()
    if not written or not request.user.is_authenticated:
        return False
    user = request.user
    if not is_mfa_enabled(user) and not settings.SECOND_FACTOR_REQUIRED:
        _check_password(user, written)
        return True
    form = AuthenticateForm(data={"code": written}, user=user)
    if not form.is_valid():
        raise _refusal(error.code for error in form.errors.as_data().get("code", ()))
    form.authenticator.record_usage()
    authenticator_used.send(
        sender=type(form.authenticator),
        request=request,
        user=user,
        authenticator=form.authenticator,
        reauthenticated=True,
        passwordless=False,
    )
    return True


def _check_password(user: User, written: str) -> None:
    """Check the password of demonstration users, who have no second factor; the sign-in rate limit applies.

    Raises ProofWrong or ProofLocked.
    """
    try:
        is_right = get_adapter().reauthenticate(user, written)
    except ValidationError as error:
        raise _refusal([getattr(error, "code", "")]) from error
    if not is_right:
        raise ProofWrong


def _refusal(codes: Iterable[str | None]) -> ProofNeeded:
    """Return the error for a refused proof: that of the limit, if one of these errors is of a limit."""
    return ProofWrong() if LIMITS.isdisjoint(codes) else ProofLocked()
