"""Pages of a user's own account: inbox, preferences, language, and the mails of the demonstration."""

from uuid import UUID

from allauth.account.utils import url_str_to_user_pk
from allauth.account.views import PasswordResetFromKeyView, password_reset_from_key
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import inbox as letterbox
from accounts.forms import PreferencesForm
from accounts.mail.backend import sent_mail, sent_mails
from accounts.mail.choices import Choice, choices_of, save_choices
from accounts.models import Delivery, Means, User
from accounts.preferences import save_preferences
from web import field_errors
from web.languages import from_wire, remember

KEY_IN_SESSION = PasswordResetFromKeyView.reset_url_key


class SignedIn(HttpRequest):
    """A request of a signed-in user; LoginRequiredMiddleware guarantees this for these views."""

    user: User


@require_GET
def inbox(request: SignedIn) -> HttpResponse:
    """Show the open actions and, in a separate list, the information, newest first."""
    informs = letterbox.notifications(request.user).exclude(letterbox.ASKED)
    try:
        page = letterbox.page(request.user, informs, before=_uuid(request, "before"), after=_uuid(request, "after"))
    except Delivery.DoesNotExist as error:
        raise Http404 from error
    context = {
        "actions": letterbox.entries(request.user, letterbox.actions(request.user)),
        "informs": letterbox.entries(request.user, page.rows),
        "page": page,
        "mails_are_shown": _mails_are_shown(),
        "next_url": f"?before={page.older}" if page.older else "",
        "previous_url": f"?after={page.newer}" if page.newer else "",
    }
    return render(request, "accounts/inbox.html", context)


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    """Return the id in the query string, None if there is none; raise Http404 if it is not an id."""
    try:
        return UUID(request.GET[name]) if name in request.GET else None
    except ValueError as error:
        raise Http404 from error


@require_GET
@never_cache
def inbox_open(request: SignedIn, pk: UUID) -> HttpResponse:
    """Mark a notification as read and redirect to its object."""
    try:
        row = letterbox.find(request.user, pk)
        letterbox.mark_matter_read(row)
    except Delivery.DoesNotExist as error:
        raise Http404 from error
    return HttpResponseRedirect(row.path)


@require_POST
def inbox_read_all(request: SignedIn) -> HttpResponse:
    """Mark everything as read; open actions stay until somebody does them."""
    letterbox.mark_all_read(request.user)
    messages.success(request, _("All notifications have been marked as read."))
    return redirect("inbox")


@require_http_methods(["GET", "POST"])
def preferences(request: SignedIn) -> HttpResponse:
    """Show and save the reader's language, time zone and mail frequency; the name is shown."""
    # A form writes into its instance while it validates: a refused entry must not change the request's user.
    form = PreferencesForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        user = save_preferences(request.user, form.changes())
        response = redirect("preferences")
        remember(response, user.language)
        with translation.override(user.language):
            messages.success(request, _("Your preferences have been saved."))
        return response
    return render(request, "accounts/preferences.html", {"form": form}, status=field_errors.status_of(form))


@require_http_methods(["GET", "POST"])
def message_choices(request: SignedIn) -> HttpResponse:
    """Show and save which messages the reader receives, and where; those received before come first."""
    if request.method == "POST":
        names = {one.name for one in choices_of(request.user)}
        save_choices(request.user, {name: request.POST[name] for name in names & set(request.POST)})
        messages.success(request, _("Your choice of messages has been saved."))
        return redirect("messages")
    rows = choices_of(request.user)
    had = [one for one in rows if one.received]
    groups: dict[str, list[Choice]] = {}
    for one in rows:
        if not one.received:
            groups.setdefault(str(one.message.group), []).append(one)
    context = {"had": had, "groups": groups.items(), "means": Means.choices}
    return render(request, "accounts/messages.html", context)


@login_not_required
def one_time_link(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """Show allauth's page of a one-time link, serialised so that of two simultaneous uses only one succeeds.

    allauth keeps the key in the session and redirects to an address without it; a browser that sends no session cookie
    there would be told that its link is bad, which is still good.
    """
    if key == KEY_IN_SESSION and settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return render(request, "accounts/no_cookie.html", status=400)
    with transaction.atomic():
        if request.method == "POST":
            _hold(uidb36)
        return password_reset_from_key(request, uidb36=uidb36, key=key)


def _hold(uidb36: str) -> None:
    """Lock the row of the link's user until the transaction ends; does nothing for an unknown user."""
    try:
        pk = url_str_to_user_pk(uidb36)
    except (ValueError, ValidationError):
        return
    User.objects.select_for_update().filter(pk=pk).first()


@require_GET
def proof_done(request: SignedIn) -> HttpResponse:
    """Show the end of a reauthentication in a second tab, with the way back to the first."""
    return render(request, "accounts/proof_done.html")


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language and redirect to the page the reader was on; saved in their account if they are signed in."""
    target = request.POST.get("next", "")
    here = {request.get_host()}
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, here, request.is_secure()):
        target = reverse("preferences") if request.user.is_authenticated else resolve_url(settings.LOGIN_URL)
    response = HttpResponseRedirect(target)
    try:
        code = from_wire(request.POST.get("language", ""))
    except ValueError:
        return response
    if isinstance(request.user, User):
        save_preferences(request.user, {"language": code})
    remember(response, code)
    return response


@require_GET
def mails(request: SignedIn) -> HttpResponse:
    """The mails the demonstration "sent" to the reader, newest first."""
    if not _mails_are_shown():
        raise Http404
    return render(request, "accounts/mails.html", {"mails": sent_mails(request.user.email)})


@require_GET
def mail(request: SignedIn, name: str) -> HttpResponse:
    """Show one mail of the demonstration to its reader, as text; that of somebody else is as absent as one never sent."""
    if not _mails_are_shown():
        raise Http404
    try:
        return render(request, "accounts/mail.html", {"mail": sent_mail(name, request.user.email)})
    except FileNotFoundError as error:
        raise Http404 from error


def _mails_are_shown() -> bool:
    """Return whether this is a demonstration that keeps mails as files; never in production."""
    kept = settings.EMAIL_BACKEND == "accounts.mail.backend.OneFilePerMail"
    return kept and settings.DEMO_ALLOWED and not settings.PRODUCTION
