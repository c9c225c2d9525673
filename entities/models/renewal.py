"""Renewals: an organisation's requests to continue an appointment, and UNOCT's decisions."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entities.models.appointment import Appointment


class Renewal(models.Model):
    """A request for a later last day (`until`), or, without one, to reinstate an appointment not confirmed in time.

    Requested by the organisation or a coordinator, decided by another coordinator; kept when decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="renewals")
    until = models.DateField(_("new last day"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    reason = models.CharField(
        pgettext_lazy("field", "reason"), max_length=300, blank=True, help_text="Why it was refused or fell away."
    )

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"], condition=models.Q(decided_at__isnull=True), name="renewal_one_open"
            ),
            models.CheckConstraint(
                condition=~models.Q(granted=True, decided_by=models.F("asked_by")), name="renewal_granted_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} ({self.asked_at:%Y-%m-%d})"
