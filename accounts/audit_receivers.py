"""Audit entries for sign-in, sign-out, and changes of passwords, second factors, tokens and accounts."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import Signal, receiver

from accounts.models import ApiToken, User
from audit import log
from audit.kinds import Kind


@receiver(user_logged_in)
def note_arrival(sender: Any, user: Any, **kwargs: Any) -> None:
    """Record a sign-in."""
    log.record(Kind.SIGNED_IN, who=user)


@receiver(user_logged_out)
def note_departure(sender: Any, user: Any, **kwargs: Any) -> None:
    """Record a sign-out; `user` is None if the session had already expired."""
    if user is not None:
        log.record(Kind.SIGNED_OUT, who=user)


@receiver(user_login_failed)
def note_failure(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Record a failed sign-in with the user, if there is one; the input is not kept, as it may be a password.

    A known and an unknown address cost the same: one query and one entry.
    """
    typed = str(credentials.get("email") or credentials.get("username") or "")
    log.record(Kind.SIGN_IN_FAILED, who=User.objects.filter(email=typed).first())


@receiver(mfa.authentication_failed)
def note_wrong_code(sender: Any, user: Any, authenticator: Model | None = None, **kwargs: Any) -> None:
    """Record a wrong one-time code or passkey."""
    log.record(Kind.PROOF_FAILED, who=user, detail=str(getattr(authenticator, "type", "")))


@receiver(mfa.authenticator_used)
def note_proof(sender: Any, user: Any, authenticator: Model, **kwargs: Any) -> None:
    """Record a successful check of a second factor."""
    log.record(Kind.PROVED, who=user, detail=str(getattr(authenticator, "type", "")))


@receiver(post_save, sender=ApiToken)
def note_token_made(sender: Any, instance: ApiToken, created: bool, **kwargs: Any) -> None:
    """Record a new token, in the transaction that creates it."""
    if created:
        log.record(Kind.TOKEN_MADE, subjects=[f"token:{instance.uid}"], detail=f"until {instance.expiry:%Y-%m-%d}")


@receiver(post_delete, sender=ApiToken)
def note_token_revoked(sender: Any, instance: ApiToken, **kwargs: Any) -> None:
    """Record the revocation of a token, in the transaction that revokes it."""
    log.record(Kind.TOKEN_REVOKED, subjects=[f"token:{instance.uid}"])


@receiver(pre_save, sender=User)
def note_account(sender: Any, instance: User, update_fields: frozenset[str] | None, **kwargs: Any) -> None:
    """Record that an account was opened or closed, or gained or lost administrator rights."""
    if update_fields is not None and not {"is_active", "is_superuser"} & update_fields:
        return
    before = User.objects.filter(pk=instance.pk).first()
    for name in ("is_active", "is_superuser"):
        now = getattr(instance, name)
        if before is not None and getattr(before, name) != now:
            kind = Kind.RIGHT_GIVEN if now else Kind.RIGHT_ENDED
            log.record(kind, subjects=[f"user:{instance.pk}"], detail=f"{name}: {instance.name}")


FACTORS: dict[str, Signal] = {
    "factor added": mfa.authenticator_added,
    "factor removed": mfa.authenticator_removed,
    "factor renewed": mfa.authenticator_reset,
    "password set": account.password_set,
    "password changed": account.password_changed,
    "password reset": account.password_reset,
}


def _noting(words: str) -> Any:
    """Return a receiver that records a change of a user's credentials."""

    def note_change(sender: Any, user: Any, authenticator: Model | None = None, **kwargs: Any) -> None:
        kind = getattr(authenticator, "type", "")
        log.record(Kind.FACTOR_CHANGED, who=user, detail=f"{words}: {kind}" if kind else words)

    return note_change


for _words, _signal in FACTORS.items():
    _signal.connect(_noting(_words), weak=False)
