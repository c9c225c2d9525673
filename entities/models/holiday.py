"""Holidays of the United Nations: days that are no working days. Each list is decided for one year."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from web.dates import in_words


class Holiday(models.Model):
    """One day on which United Nations Headquarters is closed; kept by the coordinators of UNOCT."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField(pgettext_lazy("part of a date", "day"), unique=True)
    name = models.CharField(_("name of the holiday"), max_length=120)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Empty: a reference list."
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{in_words(self.day)}: {self.name}"
