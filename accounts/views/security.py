"""Account security: password, second factors, sessions, and unlocking a locked address."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.sign_in import lockout, sessions
from accounts.views.me import SignedIn


@require_GET
@never_cache
def security(request: SignedIn) -> HttpResponse:
    """Show how the reader signs in, and their active sessions."""
    factors = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    codes = next((each.wrap() for each in factors if each.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "totp": next((each for each in factors if each.type == Authenticator.Type.TOTP), None),
        "keys": [each for each in factors if each.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.get_unused_codes()) if codes else None,
        "required": settings.SECOND_FACTOR_REQUIRED,
        "sessions": sessions.sessions_of(request.user, request.session.session_key),
    }
    return render(request, "accounts/security.html", context)


@require_POST
def end_session(request: SignedIn, pk: int) -> HttpResponse:
    """End one session of the reader; its next request is refused."""
    try:
        sessions.end(request.user, pk)
    except UserSession.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Session ended."))
    return redirect("security")


@require_POST
def end_other_sessions(request: SignedIn) -> HttpResponse:
    """End all sessions of the reader but this one."""
    count = sessions.end_others(request.user, request.session.session_key)
    text = ngettext("%(count)d other session ended.", "%(count)d other sessions ended.", count)
    messages.success(request, text % {"count": count})
    return redirect("security")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unlock(request: HttpRequest, key: str) -> HttpResponse:
    """Unlock an address by the mailed link; a button does it, because mail scanners open links."""
    if request.method == "POST" and lockout.unlock(request, key):
        messages.success(request, _("Address unlocked. You can sign in again."))
        return redirect("account_login")
    works = request.method != "POST" and lockout.whose(key) is not None
    return render(request, "accounts/unlock.html", {"works": works}, status=200 if works else 410)
