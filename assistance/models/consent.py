"""Consents: what a State releases, to whom, until when. Append-only, and the truth that audiences are an index of."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assistance.models.audience import Audience, Restricted
from assistance.models.need import Need
from assistance.models.reference import consent_reference
from assistance.models.release import Release
from assistance.models.visit import Section, Visit
from assistance.states import Decision
from entities.models import Appointment, Organisation
from files.models import StoredFile


class Consent(Restricted):
    """One decision of a State over some sections and needs. A change of mind is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=consent_reference, editable=False)
    state = models.ForeignKey(Organisation, models.PROTECT, related_name="consents", verbose_name=_("State"))
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="consents")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    released_to = models.ForeignKey(
        Audience, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("audience")
    )
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    given_at = models.DateTimeField(_("given on"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_as = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    note_verbale = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("note verbale")
    )
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="consents")
    sections = models.ManyToManyField(Section, related_name="consents", blank=True)
    needs = models.ManyToManyField(Need, related_name="consents", blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at", "-id"]
        indexes = [models.Index(fields=["state", "-given_at"], name="consent_of_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision="granted", released_to__isnull=False)
                | (~models.Q(decision="granted") & models.Q(released_to__isnull=True)),
                name="consent_names_an_audience_when_granted",
            )
        ]

    def __str__(self) -> str:
        return self.reference
