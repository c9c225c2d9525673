"""The check for a recent proof of identity before consents, withdrawals, appointments and exports."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase

from accounts.sign_in import reauthentication
from web.exceptions import ProofNeeded

View = Callable[..., HttpResponseBase]


def require_recent_login(request: Any) -> None:
    """Raise ProofNeeded (for a wrong proof ProofWrong, ProofLocked) unless one is recent or comes with this request.

    Call it after policy and validation, right before the action: nobody has to reauthenticate for a refusal, and no
    one-time code is used up by an invalid request.
    """
    if not reauthentication.is_fresh(request):
        raise ProofNeeded
