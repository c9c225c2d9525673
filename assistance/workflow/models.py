"""Events: who did what, when and why. Append-only; the source of histories and notifications."""

import uuid
from typing import ClassVar, cast

from django.conf import settings
from django.db import models
from django.urls import reverse

from assistance import registry
from assistance.access.columns import column, index_of, point_at_each
from assistance.access.models import Restricted
from entities.models import Appointment


class Batch(models.Model):
    """Events recorded by one decision over several rows: each person gets one message about them, from a worker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    announced_at = models.DateTimeField(null=True, help_text="When its messages were queued.")

    class Meta:
        verbose_name_plural = "batches"
        indexes = [
            models.Index(fields=["at"], name="batch_waiting", condition=models.Q(announced_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Return the page that lists its rows, to each reader those that they see."""
        return reverse("batch", args=[self.pk])


class Event(models.Model):
    """One event, in the history of each object it refers to (who sees it: workflow.history).

    It has one column for each kind of restricted row, named like the model: `event.need`, `event.visit` and so on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    name = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, editable=False, related_name="events", db_index=False)

    class Meta:
        ordering = ["at", "id"]
        indexes: ClassVar[list[models.Index]] = [index_of("event", "batch")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d}"

    @property
    def label(self) -> str:
        """The event in words, in the active language."""
        return registry.event_label(self.name)


def _add_subject(model: type[Restricted]) -> None:
    name = model.record_name()
    Event.add_to_class(name, column(model, "events"))
    cast(list[models.Index], Event._meta.indexes).append(index_of("event", name))


point_at_each(Event, lambda model: True, _add_subject)
