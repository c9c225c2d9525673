"""API tokens: credentials for programs; only a hash is stored, and each one expires."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from knox.models import AbstractAuthToken, get_digest_token

from accounts.models.user import User
from accounts.tokens.scopes import completed, in_words, reads

USE_IS_NOTED_EVERY = dt.timedelta(minutes=1)


class ApiToken(AbstractAuthToken):
    """A knox token with the name its owner chose, its scopes, and the appointments it was issued under.

    It is valid only for its scopes and as long as one of its appointments runs. It is invalidated when its owner's
    password changes: an intruder with a stolen password keeps no access.
    """

    objects = models.Manager["ApiToken"]()

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(pgettext_lazy("token", "name"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    appointments = ArrayField(models.UUIDField(), default=list, help_text="Those that ran when it was issued.")
    password_changes = models.PositiveIntegerField(default=0, help_text="Of its owner, when it was issued.")
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(
        cls,
        *,
        user: User,
        name: str,
        days: int,
        appointments: Iterable[uuid.UUID] = (),
        scopes: Iterable[str] | None = None,
    ) -> "tuple[ApiToken, str]":
        """Return the row and the secret, which is not stored anywhere. Without scopes it may read everything.

        Raise ValueError beyond TOKEN_MAX_DAYS or for an unknown scope.
        """
        if not 1 <= days <= settings.TOKEN_MAX_DAYS:
            raise ValueError(f"A token lives 1 to {settings.TOKEN_MAX_DAYS} days.")
        digest, secret = get_digest_token()
        made = cls.objects.create(
            user=user,
            name=name,
            digest=digest,
            token_key="",  # knox would store the first letters of the secret to find the row; ours are found by hash
            expiry=timezone.now() + dt.timedelta(days=days),
            scopes=completed(reads() if scopes is None else scopes),
            appointments=list(appointments),
            password_changes=user.password_changes,
        )
        return made, secret

    @property
    def has_expired(self) -> bool:
        """Whether the token has expired and so is refused."""
        return self.expiry is not None and self.expiry <= timezone.now()

    @property
    def is_dead(self) -> bool:
        """Whether the token is refused: it has expired, its owner is inactive, or the password has changed since."""
        changed = self.password_changes != self.user.password_changes
        return self.has_expired or not self.user.is_active or changed

    def note_use(self, address: str | None) -> None:
        """Save when and from where it was used, at most once a minute, so that not every read costs a write."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at >= USE_IS_NOTED_EVERY:
            self.last_used_at, self.last_used_from = now, address
            self.save(update_fields=["last_used_at", "last_used_from"])

    @property
    def reads(self) -> list[str | Promise]:
        """Return the labels of what it reads."""
        return in_words(self.scopes, "read")

    @property
    def writes(self) -> list[str | Promise]:
        """Return the labels of what it writes."""
        return in_words(self.scopes, "write")

    @property
    def reads_all(self) -> bool:
        """Whether it reads everything its owner may read."""
        return set(reads()) <= set(self.scopes)
