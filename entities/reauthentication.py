"""The check for a recent proof of identity before consents, withdrawals, appointments and exports."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase

from accounts.sign_in import reauthentication
from web.exceptions import ProofNeeded

View = Callable[..., HttpResponseBase]


def require_recent_login(request: Any) -> None:
    """Raise ProofNeeded unless the last proof is at most 15 minutes old, or this request contains one.

    Call it after policy and validation, right before the action: nobody has to reauthenticate for a refusal, and no
    one-time code is used up by an invalid request.
    """
    if not reauthentication.is_fresh(request):
        raise ProofNeeded
