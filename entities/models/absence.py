"""Absences: the days on which the holder of an appointment is away and others answer for the organisation."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from entities.models.appointment import Appointment
from web.dates import span

LONGEST_ABSENCE = timedelta(days=366)


class Absence(models.Model):
    """One period, both days included; those of one appointment never overlap, which `absence.be_absent` ensures."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="absences")
    since = models.DateField(_("first day of absence"))
    until = models.DateField(_("last day of absence"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since"))
                & models.Q(until__lte=models.F("since") + LONGEST_ABSENCE),
                name="absence_has_an_end_within_a_year",
            ),
            models.UniqueConstraint(fields=["appointment", "since"], name="absence_once_from_a_day"),
        ]

    def __str__(self) -> str:
        return span(self.since, self.until)
