"""The user: e-mail address, language and notification settings; rights come from appointments only."""

import uuid
import zoneinfo
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.addresses import STORED, AddressField
from web.folding import Fold


class MailRhythm(models.TextChoices):
    """How often mail is sent to a user; notifications in the portal always appear at once."""

    AT_ONCE = "at_once", pgettext_lazy("mail frequency", "Immediately")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")


@cache
def known_time_zones() -> frozenset[str]:
    """Return the IANA names this system knows; its files are read once."""
    return frozenset(zoneinfo.available_timezones())


def valid_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` is an IANA time zone this system knows."""
    if value not in known_time_zones():
        raise ValidationError(_("“%(value)s” is not a valid time zone."), params={"value": value})


valid_phone = RegexValidator(r"^\+?[0-9][0-9 ().-]{4,}$", _("Enter a telephone number, for example +1 212 555 0100."))


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address, which is the login and is compared in its normal form."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Return a saved user; without a password they cannot sign in until they set one."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Return a saved technical administrator; without an appointment they see no restricted content."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who may sign in; their appointments decide what they may see and do."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = AddressField(_("email address"), unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=150)
    language = models.CharField(
        pgettext_lazy("field", "language"), max_length=10, choices=settings.LANGUAGES, default="en"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[valid_time_zone])
    mail_rhythm = models.CharField(_("email frequency"), max_length=10, choices=MailRhythm, default=MailRhythm.AT_ONCE)
    phone = models.CharField(
        pgettext_lazy("field", "telephone"),
        max_length=40,
        blank=True,
        validators=[valid_phone],
        help_text=_("Include the country code. Shown in the directory to States and entities of the Compact."),
    )
    spoken = ArrayField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        verbose_name=_("languages you work in"),
        default=list,
        blank=True,
    )
    details_confirmed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the person last said that these details are right."
    )
    is_staff = models.BooleanField(_("can use the administration site"), default=False)
    is_active = models.BooleanField(pgettext_lazy("field", "active"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    security_mark = models.UUIDField(
        default=uuid.uuid4, editable=False, help_text="Changes with the second factor; sessions of before then end."
    )
    password_changes = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often it was set; sessions and tokens of before then end."
    )
    previous_visit_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_visit_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = pgettext_lazy("model", "user")
        verbose_name_plural = pgettext_lazy("model", "users")
        indexes = [GinIndex(OpClass(Fold("name"), name="gin_trgm_ops"), name="user_name_folded")]
        constraints = [
            models.CheckConstraint(condition=models.Q(email__regex=STORED), name="user_email_in_normal_form")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Return Django's answer; for a single object, superuser status does not count and the backends decide."""
        if obj is None:
            return super().has_perm(perm)
        return self.is_active and any(
            backend.has_perm(self, perm, obj) for backend in get_backends() if hasattr(backend, "has_perm")
        )

    def set_password(self, raw_password: str | None) -> None:
        """Set another password and count it; the row is not saved."""
        super().set_password(raw_password)
        self.password_changes += 1

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether this is the password; if it is stored in an outdated way, store it anew.

        Storing it anew is no change of the password, so sessions and tokens stay.
        """

        def store_anew(raw_password: str) -> None:
            self.password = make_password(raw_password)
            self.save(update_fields=["password"])

        return check_password(raw_password, self.password, store_anew)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save the row; the password is never saved without the count of its changes."""
        if update_fields is not None and "password" in update_fields:
            update_fields = {*update_fields, "password_changes"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return the hash a valid session must carry; it changes with the password and the second factors."""
        value = f"{self.password_changes} {self.security_mark}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    def get_short_name(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name
