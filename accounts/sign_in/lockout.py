"""The lockout after ten wrong passwords: the same for known and unknown addresses; a mailed link removes it."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from allauth.core.internal import ratelimit
from django.contrib.sites.shortcuts import get_current_site
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest

from accounts.addresses import same_address
from accounts.models import User

SALT = "accounts.unlock"
APP, FAILED = "allauth.account", "login_failed"  # what allauth counts, under the key of key_of
LINK_LIVES = 3600  # seconds; the lockout itself ends after 15 minutes
MAIL_EVERY = 3600
EVEN = 0.1  # minimum seconds of an answer where a known address costs more work than an unknown one


@contextmanager
def evenly(seconds: float = EVEN) -> Iterator[None]:
    """Take at least so many seconds, so that the response time does not reveal whether an address is known."""
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))


def key_of(request: HttpRequest, email: str) -> str:
    """Return the cache key under which failures for an address are counted; allauth's adapter uses it."""
    return f"{get_current_site(request).domain}:{same_address(email) or email}"


def count_for_network(request: HttpRequest) -> ratelimit.RateLimitUsage | None:
    """Count one failure for the client's network; return it, for rollback, or None if there were too many.

    A success rolls back only its own count, as an attacker may have an account of their own to succeed with.
    """
    return ratelimit.consume(request, app=APP, action="failed_from_network")


def has_closed(request: HttpRequest, email: str) -> bool:
    """Return whether the failure just counted was the one that locks this address."""
    return ratelimit.consume(request, app=APP, action=FAILED, key=key_of(request, email), dry_run=True) is None


def owner_to_tell(email: str) -> User | None:
    """Return the active owner of a locked address, at most once an hour, so that nobody can flood them with mail."""
    once = cache.add(f"lock-told:{hashlib.sha256(same_address(email).encode()).hexdigest()}", 1, MAIL_EVERY)
    owner = User.objects.filter(email=email, is_active=True).first()
    return owner if once else None


def unlock_key(user: User) -> str:
    """Return a one-time key that unlocks this user's address; it is made on sending and not stored."""
    return signing.dumps({"user": str(user.pk), "at": time.time()}, salt=SALT)


def whose(key: str) -> User | None:
    """Return the user whose address an unused, unexpired key unlocks; None for any other text."""
    try:
        said = signing.loads(key, salt=SALT, max_age=LINK_LIVES)
    except signing.BadSignature:
        return None
    if cache.get(_used(key)):
        return None
    return User.objects.filter(pk=UUID(said["user"]), is_active=True).first()


def unlock(request: HttpRequest, key: str) -> bool:
    """Unlock the address of this key. Returns False for a key that is used, expired or not ours.

    Only the count of the address is cleared, not that of the network the failures came from.
    """
    owner = whose(key)
    if owner is None or not cache.add(_used(key), 1, LINK_LIVES):
        return False
    ratelimit.clear(request, app=APP, action=FAILED, key=key_of(request, owner.email))
    return True


def _used(key: str) -> str:
    return f"unlock-used:{hashlib.sha256(key.encode()).hexdigest()}"
