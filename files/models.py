"""The model of a stored file: digest, media type, size, safe name and scan result."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Scan(models.TextChoices):
    """The result of the virus scan."""

    NOT_REQUIRED = "not_required", _("Not scanned (no scanner set up)")
    PENDING = "pending", _("Awaiting scan")
    CLEAN = "clean", _("No harmful content found")
    INFECTED = "infected", _("Harmful content found")
    FAILED = "failed", _("Scan failed (no response)")


UNSCANNED = (Scan.NOT_REQUIRED, Scan.PENDING, Scan.FAILED)


class StoredFile(models.Model):
    """One file as cleaned and stored; it never changes, and access is decided by the object it is attached to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.UUIDField(null=True, editable=False, help_text="Whose quota it counts in; an id of those above.")
    name = models.CharField(pgettext_lazy("file", "name"), max_length=150, editable=False)
    media_type = models.CharField(pgettext_lazy("field", "type"), max_length=100, editable=False)
    size = models.PositiveBigIntegerField(_("size, in bytes"), editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded on"), auto_now_add=True)
    scan = models.CharField(
        pgettext_lazy("field", "scan"), max_length=12, choices=Scan, default=Scan.NOT_REQUIRED, editable=False
    )
    scanned_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "file")
        verbose_name_plural = pgettext_lazy("model", "files")
        indexes = [
            models.Index(fields=["owner"], name="file_owner"),
            models.Index(fields=["uploaded_at"], name="file_unscanned", condition=models.Q(scan__in=UNSCANNED)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Its path below MEDIA_ROOT, derived from its id, so that no row can point anywhere else."""
        return f"{self.id.hex[:2]}/{self.id.hex}"

    @property
    def may_leave(self) -> bool:
        """Whether it may be served: with a scanner only if it was found clean, and never if found harmful."""
        return self.scan == Scan.CLEAN if settings.CLAMAV else self.scan != Scan.INFECTED
