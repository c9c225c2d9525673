"""The gate before what releases, withdraws, appoints or hands out: go on only after a fresh proof of identity."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from accounts.sign_in import reauthentication
from web.exceptions import ProofNeeded

View = Callable[..., HttpResponseBase]


def require_recent_login(request: Any) -> None:
    """Raise ProofNeeded unless the caller proved at most 15 minutes ago who they are, or does so by this request.

    It stands after policy and after the entries were checked, right before the act: nobody proves anything for a
    refusal, and no one-time code is spent on a slip of the pen.
    """
    if not reauthentication.is_fresh(request):
        raise ProofNeeded


def recent_login_required(view: View) -> View:
    """Wrap a page that is nothing without a fresh proof; `portal.errors` leads the reader there and back."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_recent_login(request)
        return view(request, *args, **kwargs)

    return gate
