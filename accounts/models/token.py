"""API tokens: what a program shows instead of a password; only a hash is kept, and each one expires."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, get_digest_token

from accounts.models.user import User


class ApiToken(AbstractAuthToken):
    """A knox token with the name its owner gave it, so that the right one is revoked."""

    objects = models.Manager["ApiToken"]()

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(cls, *, user: User, name: str, days: int) -> "tuple[ApiToken, str]":
        """Return the row and the secret, which exists nowhere else. Raise ValueError beyond TOKEN_MAX_DAYS."""
        if not 1 <= days <= settings.TOKEN_MAX_DAYS:
            raise ValueError(f"A token lives 1 to {settings.TOKEN_MAX_DAYS} days.")
        digest, secret = get_digest_token()
        expiry = timezone.now() + dt.timedelta(days=days)
        # Knox would keep the first letters of the secret to find the row by; ours are found by the hash.
        return cls.objects.create(user=user, name=name, digest=digest, token_key="", expiry=expiry), secret

    @property
    def has_expired(self) -> bool:
        """Whether its time is over; such a token opens nothing."""
        return self.expiry is not None and self.expiry <= timezone.now()
