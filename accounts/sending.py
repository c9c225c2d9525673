"""Forms are sent once, and what was typed is not lost.

Each form is shown with a key, signed for the person it is shown to. The key of a form that was sent is stored with the
page of the result, so that a second send makes nothing new. A form that arrives without a session, or with the CSRF
token of an earlier one, is kept for that person: no other site and no other person can make such a key.
"""

import hashlib
import json
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.signing import b62_decode, b62_encode
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.models import KeptForm, SentForm, User
from web.submitted_texts import is_secret
from web.views import FORM_KEY

SALT = "accounts.sending"
KEY_LENGTH, MARK_BYTES = 64, 15  # letters of a key; bytes of its signature
SENT_FOR, KEPT_FOR = timedelta(days=7), timedelta(hours=24)
KEPT_BYTES, KEPT_FORMS = 1_000_000, 20  # of one form, and forms of one person
LONGEST_PATH = SentForm._meta.get_field("path").max_length or 0


# ── The key of a form ────────────────────────────────────────────────────────
def new_key(user: User) -> str:
    """Return a key for a form that is shown to this person: 64 letters and digits, as CSRF tokens are."""
    content = uuid.uuid4().bytes + user.pk.bytes
    return b62_encode(int.from_bytes(content + _mark(content))).rjust(KEY_LENGTH, "0")


def _mark(content: bytes) -> bytes:
    return salted_hmac(SALT, content, algorithm="sha256").digest()[:MARK_BYTES]


def _read(request: HttpRequest) -> tuple[uuid.UUID, str] | None:
    """Return the key a form was sent with and the person it was shown to; None without a sound one."""
    sent = request.POST.get(FORM_KEY, "")
    if len(sent) != KEY_LENGTH or not (sent.isascii() and sent.isalnum()):
        return None
    try:
        raw = b62_decode(sent).to_bytes(32 + MARK_BYTES)
    except OverflowError:
        return None
    if not constant_time_compare(raw[32:], _mark(raw[:32])):
        return None
    return uuid.UUID(bytes=raw[:16]), str(uuid.UUID(bytes=raw[16:32]))


# ── A form is sent once ──────────────────────────────────────────────────────
def claim(request: HttpRequest) -> tuple[SentForm | None, SentForm | None]:
    """Return the row of this send, and that of an earlier send of the same form; (None, None) without a sound key.

    Called in the transaction of what the form does: a send at the same moment waits here for its end.
    """
    found = _read(request)
    if found is None or found[1] != str(request.user.pk) or len(request.path) > LONGEST_PATH:
        return None, None
    row = SentForm(user=cast(User, request.user), path=request.path, key=found[0], digest=_digest(request))
    SentForm.objects.bulk_create([row], ignore_conflicts=True)
    first = SentForm.objects.get(user=row.user, path=row.path, key=row.key)
    return (row, None) if first.pk == row.pk else (row, first)


def settle(row: SentForm, answer: HttpResponse, fallback: str) -> None:
    """Store the page of the result, or forget the send of a form that is asked for again."""
    if answer.status_code >= 400:
        row.delete()
        return
    row.location = answer.get("Location", fallback)[: SentForm._meta.get_field("location").max_length]
    row.save(update_fields=["location"])


def _digest(request: HttpRequest) -> str:
    """Return a keyed hash of what was sent, without what differs at each send."""
    texts = sorted((name, values) for name, values in request.POST.lists() if name not in _OF_THE_PAGE)
    files = [
        (name, *((file.name, file.size) for file in request.FILES.getlist(name))) for name in sorted(request.FILES)
    ]
    sent = json.dumps([texts, files], default=str)
    return salted_hmac(SALT, hashlib.sha256(sent.encode(errors="replace")).hexdigest(), algorithm="sha256").hexdigest()


_OF_THE_PAGE = {"csrfmiddlewaretoken", FORM_KEY}


# ── What could not be taken is kept ──────────────────────────────────────────
def keep(request: HttpRequest) -> KeptForm | None:
    """Keep what was typed for the person the form was shown to; None where there is no sound key, or too much.

    Passwords, codes and files are never kept.
    """
    found = _read(request)
    if found is None or len(request.path) > LONGEST_PATH:
        return None
    values = {name: texts for name, texts in request.POST.lists() if name not in _OF_THE_PAGE and not is_secret(name)}
    content = json.dumps(values).encode(errors="replace")
    user = User.objects.filter(pk=found[1], is_active=True).first()
    if user is None or len(content) > KEPT_BYTES:
        return None
    sealed = _cipher(user).encrypt(content)
    row, _made = KeptForm.objects.update_or_create(user=user, path=request.path, defaults={"content": sealed})
    others = KeptForm.objects.filter(user=user).order_by("-kept_at").values("pk")[KEPT_FORMS:]
    KeptForm.objects.filter(pk__in=[other["pk"] for other in others]).delete()
    return row


def kept(request: HttpRequest) -> QueryDict | None:
    """Return what this person had typed into the form at this address and could not send; None without any."""
    rows = KeptForm.objects.filter(user=cast(User, request.user), path=request.path)
    row = rows.filter(kept_at__gt=timezone.now() - KEPT_FOR).first()
    if row is None:
        return None
    try:
        values: Mapping[str, list[str]] = json.loads(_cipher(row.user).decrypt(bytes(row.content)))
    except InvalidToken:  # the secret key of the site has changed
        return None
    data = QueryDict(mutable=True)
    for name, texts in values.items():
        data.setlist(name, texts)
    return data


def forget(request: HttpRequest) -> None:
    """Forget what was kept for the form at this address: it has been sent."""
    KeptForm.objects.filter(user=cast(User, request.user), path=request.path).delete()


def _cipher(user: User) -> Fernet:
    key = salted_hmac(SALT, f"kept:{user.pk}", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(key))


def back_to_the_form(request: HttpRequest, row: KeptForm) -> HttpResponse | None:
    """Return the way back to a form that was kept: the form itself, or the sign-in before it; None for another person."""
    if request.user.is_authenticated and request.user.pk != row.user_id:
        return None
    messages.warning(
        request, _("The form was not sent, because your session had ended. Your entries are kept for 24 hours.")
    )
    if request.user.is_authenticated:
        return redirect(request.get_full_path())
    return redirect(sign_in_url(request))


def sign_in_url(request: HttpRequest) -> str:
    """Return the address of the sign-in that leads back to this page."""
    back: dict[str, Any] = {REDIRECT_FIELD_NAME: request.get_full_path()}
    return f"{reverse(settings.LOGIN_URL)}?{urlencode(back)}"


def tidy() -> int:
    """Delete rows that are too old to be used; return how many."""
    now = timezone.now()
    sent, _each = SentForm.objects.filter(sent_at__lt=now - SENT_FOR).delete()
    old, _each = KeptForm.objects.filter(kept_at__lt=now - KEPT_FOR).delete()
    return sent + old
