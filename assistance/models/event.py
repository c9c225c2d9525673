"""Events: who did what when, and why. Append-only; history of every object and source of every notification."""

import uuid

from django.conf import settings
from django.db import models

from assistance.models.consent import Consent
from assistance.models.document import Document
from assistance.models.match import Match
from assistance.models.need import Need
from assistance.models.offer import Offer
from assistance.models.project import Project
from assistance.models.release import Release
from assistance.models.visit import Section, Visit
from assistance.verbs import EVENT_LABELS
from entities.models import Appointment


class Event(models.Model):
    """One thing that happened, in the history of each object it is about (who sees it: policy.events)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acting_as = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="events")
    section = models.ForeignKey(Section, models.PROTECT, null=True, related_name="events")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="events")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, related_name="events")
    match = models.ForeignKey(Match, models.PROTECT, null=True, related_name="events")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="events")
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="events")
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="events")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="events")
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d}"

    @property
    def label(self) -> str:
        return str(EVENT_LABELS[self.verb])
